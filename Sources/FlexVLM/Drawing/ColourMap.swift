/// A colour: red, green and blue samples.
typealias Colour = SIMD3<UInt8>

/// Colours for numbers from 0 to 1.
enum ColourMap {
  /// Matplotlib's inferno (Smith and van der Walt, CC0): even steps look even, and it stays in
  /// order when printed in grey.
  static func inferno(_ value: Float) -> Colour {
    // NaN, which is neither above nor below anything, is dark.
    let place = (value > 0 ? min(value, 1) : 0) * Float(stops.count - 1)
    let lower = min(Int(place), stops.count - 2)
    return mix(colour(stops[lower]), colour(stops[lower + 1]), place - Float(lower))
  }

  /// Inferno without its dark end, which would not stand out on an image.
  static func warmth(_ value: Float) -> Colour { inferno(0.3 + 0.65 * value) }

  /// `share` of the second colour, the rest of the first.
  static func mix(_ first: Colour, _ second: Colour, _ share: Float) -> Colour {
    let mixed = SIMD3<Float>(first) * (1 - share) + SIMD3<Float>(second) * share
    return Colour(clamping: SIMD3<Int>(mixed.rounded(.toNearestOrAwayFromZero)))
  }

  private static func colour(_ code: UInt32) -> Colour {
    Colour(truncatingIfNeeded: SIMD3(code >> 16, code >> 8, code))
  }

  private static let stops: [UInt32] = [
    0x000004, 0x0B0724, 0x210C4A, 0x3D0965, 0x57106E, 0x71196E, 0x8A226A, 0xA32C61, 0xBC3754,
    0xD24644, 0xE45A31, 0xF1731D, 0xF98E09, 0xFCAC11, 0xF9CB35, 0xF2EA69, 0xFCFFA4,
  ]
}
