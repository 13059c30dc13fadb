import FlexVLM

// What several commands do first: load the model, read an image or a text file. The library's
// errors become messages with the exit code that fits.

extension EngineSettings {
  func loadModel() throws(CommandError) -> VisionLanguageModel {
    let path = try ModelLocation.current.path(named: model)
    guard precision.isAvailable else {
      throw CommandError(
        """
        This processor has no instructions for '--precision \(precision.rawValue)'; \
        leave it out or use 'float32'.
        """, .unavailable)
    }
    do {
      return try VisionLanguageModel(
        contentsOfFile: path, projector: projector, threads: threads, precision: precision)
    } catch {
      throw CommandError(error)
    }
  }

  func readImage(_ path: String) throws(CommandError) -> RGBImage {
    do {
      return try RGBImage(contentsOfFile: path, options: imageOptions)
    } catch {
      throw CommandError(error)
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

extension CommandError {
  init(_ error: WeightsError) {
    switch error {
    case .cannotWrite: self.init("\(error)", .cannotCreate)
    case .cannotOpen: self.init("\(error)", .noInput)
    case .malformed, .unusable, .unpaired: self.init("\(error)", .dataError)
    }
  }

  init(_ error: ImageError) {
    switch error {
    case .notFound, .unreadable: self.init("\(error)", .noInput)
    default: self.init("\(error)", .dataError)
    }
  }

  init(_ error: InferenceError) { self.init("\(error)", .dataError) }
}
