/// Which machines images may be fetched from: those of the public internet, and none that only this
/// machine or its network reaches (RFC 6890 and IANA's registries of special addresses).
package enum AddressRules {
  /// - Parameter address: four bytes (IPv4) or sixteen (IPv6), in network order.
  package static func isPublic(_ address: [UInt8]) -> Bool {
    switch address.count {
    case 4: !privateIPv4.contains { $0.contains(address) }
    case 16: isPublicIPv6(address)
    default: false
    }
  }

  private static func isPublicIPv6(_ address: [UInt8]) -> Bool {
    // IPv4 in IPv6: mapped, and translated by NAT64 or 6to4.
    if Network([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF], 96).contains(address)
      || Network([0, 0x64, 0xFF, 0x9B, 0, 0, 0, 0, 0, 0, 0, 0], 96).contains(address)
    {
      return isPublic(Array(address[12...]))
    }
    if Network([0x20, 0x02], 16).contains(address) { return isPublic(Array(address[2..<6])) }
    // Only 2000::/3 is given to the internet.
    return Network([0x20], 3).contains(address)
      && !privateIPv6.contains { $0.contains(address) }
  }

  private struct Network {
    let prefix: [UInt8]
    let length: Int

    init(_ prefix: [UInt8], _ length: Int) { (self.prefix, self.length) = (prefix, length) }

    func contains(_ address: [UInt8]) -> Bool {
      (0..<length).allSatisfy { bit in
        let mask = UInt8(0x80) >> UInt8(bit % 8)
        let wanted = bit / 8 < prefix.count ? prefix[bit / 8] : 0
        return address[bit / 8] & mask == wanted & mask
      }
    }
  }

  private static let privateIPv4 = [
    Network([0], 8),  // this network
    Network([10], 8), Network([172, 16], 12), Network([192, 168], 16),  // private
    Network([100, 64], 10),  // shared by a provider's customers
    Network([127], 8),  // this machine
    Network([169, 254], 16),  // link-local, clouds' metadata
    Network([192, 0, 0], 24), Network([192, 0, 2], 24), Network([198, 51, 100], 24),
    Network([203, 0, 113], 24),  // protocols and examples
    Network([192, 88, 99], 24),  // 6to4 relays
    Network([198, 18], 15),  // benchmarks
    Network([224], 4), Network([240], 4),  // multicast, reserved, broadcast
  ]

  private static let privateIPv6 = [
    Network([0x20, 0x01, 0x00], 23),  // protocols, Teredo among them
    Network([0x20, 0x01, 0x0D, 0xB8], 32),  // examples
    Network([0x3F, 0xFF, 0x00], 20),  // examples
  ]
}
