// swift-tools-version: 6.2
import PackageDescription

let swiftSettings: [SwiftSetting] = [
  .strictMemorySafety(),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

/// What only the server needs is neither fetched nor built without its trait.
func serving(_ product: String, _ package: String) -> Target.Dependency {
  .product(name: product, package: package, condition: .when(traits: ["Serve"]))
}

let package = Package(
  name: "flexvlm",
  // Linux is built and tested, of which SwiftPM knows no versions. Synchronization needs this elsewhere.
  platforms: [.macOS(.v15)],
  products: [
    .library(name: "FlexVLM", targets: ["FlexVLM"]),
    .executable(name: "flexvlm", targets: ["FlexVLMCommand"]),
    .executable(name: "flexvlm-serve", targets: ["FlexVLMServeCommand"]),
  ],
  traits: [
    .trait(name: "Serve", description: "Builds flexvlm-serve, which fetches an HTTP library.")
  ],
  dependencies: [
    .package(
      url: "https://github.com/hummingbird-project/hummingbird.git", from: "2.28.0", traits: []),
    .package(url: "https://github.com/apple/swift-http-types.git", from: "1.8.0", traits: []),
    .package(url: "https://github.com/apple/swift-log.git", from: "1.14.0"),
    .package(url: "https://github.com/apple/swift-nio.git", from: "2.101.0"),
    .package(url: "https://github.com/apple/swift-nio-extras.git", from: "1.34.1"),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle.git", from: "2.0.0"),
  ],
  targets: [
    .systemLibrary(
      name: "COpenBLAS", pkgConfig: "openblas",
      providers: [.apt(["libopenblas-dev", "liblapacke-dev"])]),
    .systemLibrary(name: "CPNG", pkgConfig: "libpng", providers: [.apt(["libpng-dev"])]),
    .systemLibrary(name: "CJPEG", pkgConfig: "libjpeg", providers: [.apt(["libjpeg-dev"])]),
    .systemLibrary(name: "CWebP", pkgConfig: "libwebp", providers: [.apt(["libwebp-dev"])]),
    // 4.5 or later, which is in Debian 12 and Ubuntu 24.04.
    .systemLibrary(name: "CTIFF", pkgConfig: "libtiff-4", providers: [.apt(["libtiff-dev"])]),
    .target(name: "CImageIO", dependencies: ["CJPEG", "CPNG", "CTIFF", "CWebP"]),
    .systemLibrary(
      name: "CEditLine", pkgConfig: "libedit", providers: [.apt(["libedit-dev"])]),
    .target(name: "CKernels"),
    .target(
      name: "FlexVLM",
      dependencies: ["COpenBLAS", "CPNG", "CImageIO", "CKernels"],
      exclude: ["Drawing/Inter-OFL.txt"],
      swiftSettings: swiftSettings),
    // The product is `flexvlm`; a module of that name would differ from FlexVLM only by case.
    .executableTarget(
      name: "FlexVLMCommand", dependencies: ["FlexVLM", "CEditLine"],
      swiftSettings: swiftSettings),
    // What the server says and does, without HTTP: it is built and tested everywhere.
    .target(
      name: "FlexVLMServe", dependencies: ["FlexVLM"],
      resources: [.embedInCode("page.html")], swiftSettings: swiftSettings),
    // Of libcurl (libcurl4-openssl-dev). A system library target would be looked for without the
    // trait too.
    .target(
      name: "CFetch", cSettings: [.define("SERVE", .when(traits: ["Serve"]))],
      linkerSettings: [.linkedLibrary("curl", .when(traits: ["Serve"]))]),
    .executableTarget(
      name: "FlexVLMServeCommand",
      dependencies: [
        "CFetch", "FlexVLM", "FlexVLMServe",
        serving("HummingbirdCore", "hummingbird"), serving("HTTPTypes", "swift-http-types"),
        serving("Logging", "swift-log"), serving("NIOCore", "swift-nio"),
        serving("NIOPosix", "swift-nio"), serving("NIOHTTP1", "swift-nio"),
        serving("NIOHTTPTypes", "swift-nio-extras"),
        serving("ServiceLifecycle", "swift-service-lifecycle"),
        serving("UnixSignals", "swift-service-lifecycle"),
      ],
      swiftSettings: swiftSettings),
    .testTarget(
      name: "FlexVLMTests", dependencies: ["FlexVLM"],
      resources: [.copy("Fixtures")], swiftSettings: swiftSettings),
    .testTarget(
      name: "FlexVLMCommandTests", dependencies: ["FlexVLMCommand"],
      resources: [.copy("Snapshots")], swiftSettings: swiftSettings),
    .testTarget(
      name: "FlexVLMServeTests", dependencies: ["FlexVLMServe"], swiftSettings: swiftSettings),
  ],
  swiftLanguageModes: [.v6]
)

// 'make documentation' needs a plugin, which nobody else has to fetch.
if Context.environment["FLEXVLM_DOCUMENTATION"] != nil {
  package.dependencies.append(
    .package(url: "https://github.com/swiftlang/swift-docc-plugin.git", from: "1.4.0"))
}
