// swift-tools-version: 6.2
import PackageDescription

let swiftSettings: [SwiftSetting] = [
  .strictMemorySafety(),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

let package = Package(
  name: "flexvlm",
  products: [
    .library(name: "FlexVLM", targets: ["FlexVLM"]),
    .executable(name: "flexvlm", targets: ["FlexVLMCommand"]),
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
    .testTarget(
      name: "FlexVLMTests", dependencies: ["FlexVLM"],
      resources: [.copy("Fixtures")], swiftSettings: swiftSettings),
    .testTarget(
      name: "FlexVLMCommandTests", dependencies: ["FlexVLMCommand"],
      resources: [.copy("Snapshots")], swiftSettings: swiftSettings),
  ],
  swiftLanguageModes: [.v6]
)

// 'make documentation' needs a plugin, which nobody else has to fetch.
if Context.environment["FLEXVLM_DOCUMENTATION"] != nil {
  package.dependencies.append(
    .package(url: "https://github.com/swiftlang/swift-docc-plugin.git", from: "1.4.0"))
}
