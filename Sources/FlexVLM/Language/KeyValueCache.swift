/// Keys and values of every layer for the positions decoded so far: low-resolution image and text
/// tokens. High-resolution keys never enter (see ``HighKeyValues``).
struct KeyValueCache {
  let keys: [Matrix]  // layers of [capacity, key-value width]
  let values: [Matrix]  // layers of [capacity, key-value width]
  /// Positions filled.
  private(set) var count = 0

  /// Memory is committed as positions are filled, not here.
  init(_ configuration: LanguageConfiguration) {
    func layers() -> [Matrix] {
      (0..<configuration.layerCount).map { _ in
        Matrix(rows: configuration.contextLength, columns: configuration.keyValueWidth)
      }
    }
    keys = layers()
    values = layers()
  }

  mutating func advance(by positions: Int) { count += positions }

  mutating func truncate(to positions: Int) {
    precondition(positions <= count)
    count = positions
  }
}
