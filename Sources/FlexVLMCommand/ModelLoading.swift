import FlexVLM
import Glibc

// What several commands do first: load the model, read an image or a text file. The library's
// errors become messages with the exit code that fits.

extension EngineSettings {
  func loadModel() throws(CommandError) -> VisionLanguageModel {
    let path = try ModelLocation.current.path(named: model)
    try checkPrecision()
    do {
      return try VisionLanguageModel(
        contentsOfFile: path, projector: projector, threads: threads, precision: precision,
        promptTemplate: promptTemplate)
    } catch {
      throw CommandError(error)
    }
  }

  func checkPrecision() throws(CommandError) {
    guard precision.isAvailable else {
      throw CommandError(
        """
        This processor has no instructions for '--precision \(precision.rawValue)'; \
        leave it out or use 'float32'.
        """, .unavailable)
    }
  }

  /// - Parameter path: "-" is standard input.
  func readImage(_ path: String) throws(CommandError) -> RGBImage {
    if FileName.isWebAddress(path), !FileName.isOfFile(path) {
      throw CommandError(
        "'\(path)' is a web address, and flexvlm works offline; download the image first.",
        .noInput)
    }
    if path == "-" { return try readStandardInput() }
    do {
      return try RGBImage(contentsOfFile: path, options: imageOptions)
    } catch {
      throw CommandError(error)
    }
  }

  private func readStandardInput() throws(CommandError) -> RGBImage {
    guard isatty(STDIN_FILENO) == 0 else {
      throw CommandError(
        "'-' reads the image from standard input, which is a terminal; pipe one in.", .noInput)
    }
    let bytes = try TextFile.bytes("-", limit: 1 << 30)
    do {
      return try RGBImage(decoding: bytes, name: "standard input", options: imageOptions)
    } catch {
      throw CommandError(error)
    }
  }

  /// The picture as the model sees it.
  func encode(
    _ picture: RGBImage, _ model: VisionLanguageModel, _ cache: ImageCache?
  ) throws(CommandError) -> EncodedImage {
    do {
      return try model.encode(picture, cache: cache)
    } catch {
      throw CommandError(error)
    }
  }

  /// The folder that keeps images; nil without one.
  func imageCache() throws(CommandError) -> ImageCache? {
    guard let cache else { return nil }
    do throws(CacheError) {
      return try ImageCache(folder: cache)
    } catch {
      throw CommandError("\(error)", .cannotCreate)
    }
  }

  var imageOptions: ImageReadingOptions {
    var options = ImageReadingOptions()
    options.alpha = alpha
    options.appliesEXIFOrientation = appliesEXIFOrientation
    return options
  }

  /// - Parameter seed: of random cells.
  func selectionOptions(seed: Int = 0) -> SelectionOptions {
    SelectionOptions(
      policy: policy, threshold: threshold, budget: budget, isCompatible: isCompatible,
      seed: UInt64(seed))
  }
}

extension EncodedImage {
  /// Keeps the image in its cache. That it cannot be is no reason to fail: the answers are there.
  func store(_ terminal: Terminal) {
    do throws(CacheError) {
      try store()
    } catch {
      terminal.note("\(error)")
    }
  }
}

extension CommandError {
  init(_ error: WeightsError) {
    switch error {
    case .cannotWrite: self.init("\(error)", .cannotCreate)
    case .cannotOpen: self.init("\(error)", .noInput)
    case .outOfMemory: self.init("\(error)", .unavailable)
    default: self.init("\(error)", .dataError)
    }
  }

  init(_ error: ImageError) {
    switch error {
    case .notFound, .unreadable: self.init("\(error)", .noInput)
    case .outOfMemory: self.init("\(error)", .unavailable)
    default: self.init("\(error)", .dataError)
    }
  }

  init(_ error: InferenceError) {
    switch error {
    case .outOfMemory: self.init("\(error)", .unavailable)
    case .modelCutShort: self.init("\(error)", .ioError)
    default: self.init("\(error)", .dataError)
    }
  }
}
