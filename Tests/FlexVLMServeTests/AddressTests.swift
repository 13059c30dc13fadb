import Foundation
import Glibc
import Testing

@testable import FlexVLMServe

/// Where images may come from.
@Suite struct AddressTests {
  private static func bytes(_ text: String) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: 16)
    if unsafe inet_pton(AF_INET, text, &bytes) == 1 { return Array(bytes[..<4]) }
    return unsafe inet_pton(AF_INET6, text, &bytes) == 1 ? bytes : []
  }

  @Test(
    "Machines of the public internet alone are asked",
    arguments: [
      ("8.8.8.8", true), ("93.184.216.34", true), ("172.15.255.255", true), ("172.32.0.0", true),
      ("100.63.255.255", true), ("100.128.0.0", true), ("198.17.255.255", true),
      ("2606:4700::1111", true), ("::ffff:8.8.8.8", true), ("64:ff9b::8.8.8.8", true),
      ("2001:4860:4860::8888", true),
      ("0.0.0.0", false), ("10.1.2.3", false), ("127.0.0.1", false), ("127.255.255.255", false),
      ("100.64.0.0", false), ("100.127.255.255", false), ("169.254.169.254", false),
      ("172.16.0.0", false), ("172.31.255.255", false), ("192.168.1.1", false),
      ("192.0.2.1", false),
      ("198.18.0.1", false), ("198.19.255.255", false), ("224.0.0.1", false), ("240.0.0.1", false),
      ("255.255.255.255", false), ("::", false), ("::1", false), ("::ffff:127.0.0.1", false),
      ("::ffff:10.0.0.1", false), ("::127.0.0.1", false), ("64:ff9b::10.0.0.1", false),
      ("2002:7f00:1::", false), ("2002:808:808::", true), ("fe80::1", false), ("fc00::1", false),
      ("fd00::1", false), ("ff02::1", false), ("2001::1", false), ("2001:db8::1", false),
    ])
  func rules(address: String, isPublic: Bool) {
    let bytes = Self.bytes(address)
    #expect(!bytes.isEmpty)
    #expect(AddressRules.isPublic(bytes) == isPublic)
  }

  @Test("What is no address is not public")
  func noAddress() {
    for count in [0, 3, 5, 15, 17] {
      #expect(!AddressRules.isPublic([UInt8](repeating: 8, count: count)))
    }
  }

  private static func status(
    _ address: String, _ addresses: ImageAddress
  ) async -> Int {
    do throws(APIError) {
      _ = try await addresses.bytes(at: address)
      return 200
    } catch {
      return error.status
    }
  }

  @Test(
    "Data URIs are base64 within the limit",
    arguments: [
      ("data:image/png;base64,AAEC", 200), ("DATA:;BASE64,AAEC", 200), ("data:image/png,abc", 400),
      ("data:image/png;base64,", 400), ("data:image/png;base64,A", 400), ("data:", 400),
      ("data:image/png;base64,AAECA", 400), ("data:;base64,AAECAwQF", 413), ("", 400), ("x", 400),
      ("ftp://example.org/a.png", 400), ("http://example.org/a.png", 400),
      ("file:///etc/passwd", 400), ("javascript:1", 400),
    ])
  func dataURIs(address: String, status: Int) async {
    #expect(await Self.status(address, ImageAddress(mediaFolder: nil, limit: 5)) == status)
  }

  @Test("Web addresses are fetched where that is allowed, with the limit")
  func remote() async throws {
    let addresses = ImageAddress(mediaFolder: nil, limit: 5) { address, limit throws(APIError) in
      Array("\(address) \(limit)".utf8)
    }
    #expect(
      String(decoding: try await addresses.bytes(at: "HTTPS://a/b"), as: UTF8.self)
        == "HTTPS://a/b 5")
  }

  @Test("Files are read below the media path alone, wherever links lead")
  func files() async throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    let media = folder.appending(path: "media")
    try FileManager.default.createDirectory(
      at: media.appending(path: "sub"), withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    for (name, text) in [
      ("media/a", "abc"), ("media/sub/b c", "x"), ("secret", "s"), ("media/big", "123456"),
    ] {
      try text.write(to: folder.appending(path: name), atomically: false, encoding: .utf8)
    }
    for (name, target) in [("out", "../secret"), ("in", "a"), ("up", "..")] {
      try FileManager.default.createSymbolicLink(
        atPath: media.appending(path: name).path, withDestinationPath: target)
    }
    try FileManager.default.createDirectory(
      at: folder.appending(path: "media2"), withIntermediateDirectories: true)
    try "x".write(to: folder.appending(path: "media2/d"), atomically: false, encoding: .utf8)
    unsafe mkfifo(media.appending(path: "pipe").path, 0o600)
    let addresses = ImageAddress(mediaFolder: media.path, limit: 5)
    let root = "file://" + media.path
    for (address, status) in [
      (root + "/a", 200), ("file://localhost" + media.path + "/a", 200), (root + "/sub/b%20c", 200),
      (root + "/in", 200), (root + "/sub/../a", 200), (root + "/out", 400),
      (root + "/up/secret", 400),
      (root + "/../secret", 400), (root + "/%2e%2e/secret", 400), (root + "/..%2Fsecret", 400),
      (root + "2/d", 400), (root + "/none", 400), (root + "/sub", 400), (root, 400),
      (root + "/pipe", 400), (root + "/a%00", 400), (root + "/big", 413), ("file://other/a", 400),
      ("file:a", 400),
    ] {
      #expect(await Self.status(address, addresses) == status, "\(address)")
    }
  }
}
