// swift-tools-version: 6.2
import PackageDescription

// A package that depends on the library as its users do: public declarations alone, Swift 6.
let package = Package(
  name: "Consumer",
  dependencies: [.package(name: "flexvlm", path: "../..")],
  targets: [
    .executableTarget(
      name: "Consumer", dependencies: [.product(name: "FlexVLM", package: "flexvlm")])
  ],
  swiftLanguageModes: [.v6]
)
