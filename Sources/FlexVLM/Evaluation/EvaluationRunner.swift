internal import Dispatch
internal import Synchronization

/// Runs a plan on several workers: image after image -> questions -> answers in the plan's order.
///
///   units -> worker 1..n: read, encode, ask -> answers wait for their turn -> handed out one by one
package struct EvaluationRunner: Sendable {
  /// Times of one answer, in seconds, and its work.
  package struct Times: Sendable, Codable {
    package let index: Int
    /// Vision tower; the first question about an image pays for its low-resolution view.
    package let encode: Double
    package let prefill: Double
    package let decode: Double
    /// FLOPs of matrix products, as counted.
    package let flops: Int
    /// High-resolution crops of the image that were encoded by now, for earlier questions too.
    package let crops: Int
  }

  let model: VisionLanguageModel
  let data: BenchmarkData
  let plan: EvaluationPlan
  let options: EvaluationOptions
  let identity: RunIdentity
  /// Of the identity, for every answer's id.
  let fingerprint: String
  let workers: Int

  /// - Parameters:
  ///   - model: answers with its own number of threads for each worker.
  ///   - data: the questions.
  ///   - plan: which of them, and in which order.
  ///   - options: how they are put.
  ///   - identity: what answers' ids are made of.
  ///   - workers: questions that are worked on at the same time.
  package init(
    model: VisionLanguageModel, data: BenchmarkData, plan: EvaluationPlan,
    options: EvaluationOptions, identity: RunIdentity, workers: Int
  ) {
    precondition(workers > 0)
    self.model = model
    self.data = data
    self.plan = plan
    self.options = options
    self.identity = identity
    fingerprint = identity.fingerprint
    self.workers = workers
  }

  /// Models up to this size, in bytes, leave room in the caches for one question on each core;
  /// larger ones are read from memory for each token, best by all cores together.
  private static let smallModel = 512 << 20

  /// How many workers suit a model on so many cores.
  package static func suitableWorkers(for model: VisionLanguageModel, cores: Int) -> Int {
    model.tensors.reduce(0) { $0 + $1.bytes } <= smallModel ? cores : 1
  }

  /// Answers the questions from position `done` of the plan on.
  ///
  /// Answers come in the plan's order, whatever the number of workers. Where `done` is in the middle
  /// of a unit, the unit is computed again from its start, for a question's reuse of earlier ones
  /// must be the same as in a run that was never interrupted.
  ///
  /// - Parameters:
  ///   - done: answers that are there already.
  ///   - isCancelled: asked before every question; true ends the run after those in hand.
  ///   - receive: takes the answers, one call at a time.
  /// - Throws: what `receive` throws, and with strict settings ``EvaluationError`` for the first
  ///   missing answer.
  package func run(
    from done: Int, isCancelled: @Sendable () -> Bool,
    receive: @Sendable (AnswerRecord, Times) throws -> Void
  ) throws {
    let units = plan.units.filter { $0.positions.last! >= done }
    let next = Atomic(0)
    let queue = Mutex(OrderedAnswers(next: done))
    DispatchQueue.concurrentPerform(iterations: min(workers, max(1, units.count))) { _ in
      while true {
        let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
        guard index < units.count else { return }
        var answerer = UnitAnswerer(self)
        for position in units[index].positions {
          let hasFailed = queue.withLock { $0.failure != nil }
          if hasFailed || isCancelled() { return }
          let (record, times) = answerer.answer(plan.order[position])
          guard position >= done else { continue }
          queue.withLock { queue in
            queue.add(record, times, at: position, isStrict: options.isStrict, receive)
          }
        }
      }
    }
    if let failure = queue.withLock({ $0.failure }) { throw failure }
  }
}

/// Answers that wait for earlier ones.
private struct OrderedAnswers {
  /// Position of the answer to hand out next.
  var next: Int
  private var waiting: [Int: (AnswerRecord, EvaluationRunner.Times)] = [:]
  private(set) var failure: (any Error)?

  init(next: Int) { self.next = next }

  mutating func add(
    _ record: AnswerRecord, _ times: EvaluationRunner.Times, at position: Int, isStrict: Bool,
    _ receive: (AnswerRecord, EvaluationRunner.Times) throws -> Void
  ) {
    waiting[position] = (record, times)
    while failure == nil, let (record, times) = waiting.removeValue(forKey: next) {
      if isStrict, let error = record.metadata?.error {
        failure = EvaluationError.missingAnswer(question: times.index, reason: error)
        return
      }
      do {
        try receive(record, times)
        next += 1
      } catch {
        failure = error
      }
    }
  }
}

/// Answers the questions of one unit; the image is read and encoded for the first.
private struct UnitAnswerer {
  private enum State {
    case unread
    case encoded(EncodedImage)
    case unreadable(reason: String)
  }

  private let runner: EvaluationRunner
  private var state = State.unread

  init(_ runner: EvaluationRunner) { self.runner = runner }

  mutating func answer(_ index: Int) -> (AnswerRecord, EvaluationRunner.Times) {
    let sample = runner.data.samples[index]
    if case .unread = state { state = read(sample.image) }
    var metadata = AnswerRecord.Metadata()
    metadata.index = index
    metadata.image = sample.image.name.split(separator: "/").last.map(String.init)
    var text = ""
    var statistics = GenerationStatistics()
    switch state {
    case .encoded(let image):
      do throws(InferenceError) {
        (text, statistics) = try answer(sample, about: image, &metadata)
      } catch {
        metadata.error = "\(error)"
      }
    case .unreadable(let reason): metadata.error = reason
    case .unread: preconditionFailure("the image was read above")
    }
    let record = AnswerRecord(
      questionID: sample.id, prompt: sample.prompt, text: text,
      answerID: String(
        Fingerprint.sha256(Array("\(runner.fingerprint)\(index)".utf8)).prefix(22)),
      modelID: runner.identity.model, metadata: metadata)
    return (
      record,
      EvaluationRunner.Times(
        index: index, encode: statistics.encodeTime / .seconds(1),
        prefill: statistics.prefillTime / .seconds(1), decode: statistics.decodeTime / .seconds(1),
        flops: statistics.encoderFLOPs + statistics.decoderFLOPs, crops: statistics.encodedCrops)
    )
  }

  private func read(_ source: ImageSource) -> State {
    do {
      return .encoded(try runner.model.encode(try source.read(runner.options.image)))
    } catch {
      return .unreadable(reason: "\(error)")
    }
  }

  private func answer(
    _ sample: BenchmarkSample, about image: EncodedImage, _ metadata: inout AnswerRecord.Metadata
  ) throws(InferenceError) -> (String, GenerationStatistics) {
    let options = runner.options
    guard !sample.options.isEmpty else {
      let answer = try runner.model.ask(
        .question(sample.prompt), about: image,
        options: GenerationOptions(
          maximumTokens: options.maximumTokens, selection: options.selection))
      metadata.tokens = answer.steps.count
      metadata.record(answer.confidence)
      metadata.count(seen(answer.steps.flatMap(\.selections)))
      return (answer.text, answer.statistics)
    }
    let scores = try runner.model.score(
      .question(sample.prompt), options: sample.options, about: image,
      selection: options.selection,
      includingEnd: options.benchmark.optionProtocol == .official)
    let losses = scores.options.map { (Double($0.loss) * 1e6).rounded() / 1e6 }
    if losses.allSatisfy(\.isFinite) { metadata.losses = losses }
    let best = scores.options[scores.best]
    metadata.tokens = best.tokenLosses.count
    metadata.record(best.confidence)
    metadata.count(seen(best.selections.flatMap(\.self)))
    return (best.option, scores.statistics)
  }

  /// What the last layer chooses is seen by none.
  private func seen(_ layers: [LayerSelection]) -> [LayerSelection] {
    layers.filter { $0.layer < runner.model.configuration.language.layerCount - 1 }
  }
}

extension AnswerRecord.Metadata {
  fileprivate mutating func record(_ confidence: Confidence?) {
    (self.confidence, firstProbability) = (confidence?.mean, confidence?.first)
  }

  /// Records how often each cell was chosen.
  fileprivate mutating func count(_ layers: [LayerSelection]) {
    guard let first = layers.first else { return }
    var counts = Array(repeating: 0, count: first.cells.isSelected.count)
    for layer in layers {
      for cell in layer.cells.cells { counts[cell] += 1 }
    }
    cells = counts
    selections = layers.count
    let share = Double(counts.reduce(0, +)) / Double(counts.count * layers.count)
    selectedShare = (share * 1e4).rounded() / 1e4
  }
}
