/// One image as the decoder sees it.
struct ImageFeatures {
  /// Tokens of the low-resolution view, [lowGrid * lowGrid, language width].
  let low: Matrix
  /// The high-resolution view and the selector of its cells; nil for a plain model.
  let highResolution: (features: HighFeatures, selector: CellSelector)?
}
