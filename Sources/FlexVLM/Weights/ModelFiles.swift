/// The files of one model.
///
/// Either one file of flexvlm's own, or the pair that llama.cpp's converters make of LLaVA-1.5: a
/// `llama` file with the language model and its vocabulary, and a `clip` file (mmproj) with the
/// vision tower and the projector.
struct ModelFiles {
  enum Layout { case whole, pair }

  let layout: Layout
  /// One or two files.
  let files: [GGUFFile]
  /// Of the model, and for a pair what the second file says of the vision tower.
  let metadata: [String: GGUFValue]

  /// - Parameter projector: the second file of a pair.
  /// - Throws: ``WeightsError``: not readable, or files that do not make one model.
  init(path: String, projector: String?) throws(WeightsError) {
    let model = try GGUFFile(path: path)
    switch (Self.architecture(model), projector) {
    case ("llama", nil):
      throw .unpaired(path: path, missing: "its vision tower: give llama.cpp's mmproj file")
    case ("clip", _):
      throw .unpaired(
        path: path, missing: "its language model: give that as the model, and this as the mmproj")
    case ("llama", let projector?):
      let vision = try GGUFFile(path: projector)
      guard Self.architecture(vision) == "clip" else {
        throw .unusable(
          path: projector,
          faults: ["its architecture is '\(Self.architecture(vision))', not 'clip'"])
      }
      layout = .pair
      files = [model, vision]
      metadata = model.metadata.merging(
        vision.metadata.filter { $0.key.hasPrefix("clip.") }
      ) { _, clip in clip }
    case (_, let projector?):
      throw .unusable(
        path: projector, faults: ["'\(path)' is no llama.cpp model that needs a second file"])
    case (_, nil):
      layout = .whole
      files = [model]
      metadata = model.metadata
    }
  }

  private static func architecture(_ file: GGUFFile) -> String {
    guard case .string(let name)? = file.metadata["general.architecture"] else { return "" }
    return name
  }
}
