import Foundation
import Testing

@testable import FlexVLM

/// Rounding with errors made up for, against the plain recurrence and against plain rounding.
@Suite struct ErrorCompensationTests {
  static let types = TensorType.allCases.filter(\.isCompensated)

  /// Inputs that go together: each is mixed from the ones before it.
  static func products(_ columns: Int, seed: UInt64) -> Matrix {
    var random = SeededGenerator(seed: seed)
    let inputs = Matrix(random.floats(2 * columns * columns), columns: columns)
    for row in 0..<inputs.rows {
      for column in 1..<columns { inputs[row, column] += 0.8 * inputs[row, column - 1] }
    }
    let products = Matrix(rows: columns, columns: columns)
    products.fill(0)
    BLAS.addProducts(ofColumns: inputs, to: products)
    return products
  }

  /// A weight file of random numbers in F32.
  static func weight(rows: Int, columns: Int) throws -> WeightMatrix {
    var random = SeededGenerator(seed: 5)
    let bytes = TensorType.f32.packed(random.floats(rows * columns))
    return WeightMatrix(
      type: .f32, rows: rows, columns: columns,
      file: try withTemporaryFile(bytes) { try MappedFile(path: $0) }, offset: 0)
  }

  @Test("The factor of the inverse: U a U^T = 1", arguments: [1, 2, 7, 64])
  func factor(size: Int) {
    let a = Self.products(size, seed: 1)
    for index in 0..<size { a[index, index] += 1 }
    func symmetric(_ row: Int, _ column: Int) -> Double {
      Double(a[min(row, column), max(row, column)])
    }
    let full = (0..<size).map { row in (0..<size).map { symmetric(row, $0) } }
    #expect(BLAS.factorInverse(a))
    func upper(_ row: Int, _ column: Int) -> Double { row <= column ? Double(a[row, column]) : 0 }
    for row in 0..<size {
      for column in 0..<size {
        var sum = 0.0
        for i in 0..<size {
          for j in 0..<size { sum += upper(row, i) * full[i][j] * upper(column, j) }
        }
        // Products grow to some hundreds; float32 loses a few units of 1e-7 of that.
        #expect(abs(sum - (row == column ? 1 : 0)) < 2e-3)
      }
    }
  }

  @Test("What is not positive definite is said to be so")
  func indefinite() {
    let matrix = Matrix([1, 2, 0, 1], columns: 2)
    #expect(!BLAS.factorInverse(matrix))
  }

  @Test("Every weight takes the nearest code after the errors before it", arguments: types)
  func recurrence(type: TensorType) throws {
    let columns = 256
    let weight = try Self.weight(rows: 3, columns: columns)
    let products = Self.products(columns, seed: 2)
    let packed = try #require(
      Workspace(threads: 1).compensated(weight, products: products, as: type))
    let stored = type.widened(packed)

    let upper = Matrix(rows: columns, columns: columns)
    upper.copy(from: products)
    let mean = (0..<columns).reduce(0) { $0 + upper[$1, $1] } / Float(columns)
    upper.scale(by: 1 / mean)
    for index in 0..<columns { upper[index, index] += 0.01 }
    #expect(BLAS.factorInverse(upper))
    for row in 0..<3 {
      var left = weight.gathered(rows: [row]).values(row: 0).map(Double.init)
      let values = stored[row * columns..<(row + 1) * columns].map(Double.init)
      for i in 0..<columns {
        // The codes of a group are evenly spaced; the nearest is within half a step, or at an end.
        let group = values[i / 32 * 32..<i / 32 * 32 + 32]
        let levels = Set(group).sorted()
        let step = zip(levels.dropFirst(), levels).map { $0 - $1 }.min() ?? 0
        let isWithin = left[i] > levels[0] && left[i] < levels[levels.count - 1]
        if isWithin { #expect(abs(left[i] - values[i]) <= 0.51 * step, "\(row), \(i)") }
        let error = (left[i] - values[i]) / Double(upper[i, i])
        for k in i + 1..<columns where i + 1 < columns { left[k] -= error * Double(upper[i, k]) }
      }
    }
  }

  @Test("Outputs change less than with the nearest weights", arguments: types)
  func improvement(type: TensorType) throws {
    let columns = 512  // two chunks
    let weight = try Self.weight(rows: 8, columns: columns)
    let products = Self.products(columns, seed: 3)
    let original = weight.gathered(rows: 0..<8)
    func change(_ packed: [UInt8]) -> Double {
      let stored = type.widened(packed)
      return (0..<8).reduce(0) { total, row in
        let error = (0..<columns).map {
          Double(stored[row * columns + $0]) - Double(original[row, $0])
        }
        var sum = 0.0
        for i in 0..<columns {
          sum += error[i] * error[i] * Double(products[i, i])
          for j in i + 1..<columns where i + 1 < columns {
            sum += 2 * error[i] * error[j] * Double(products[i, j])
          }
        }
        return total + sum
      }
    }
    let workspace = Workspace(threads: 2)
    let nearest = change(workspace.packed(original, as: type))
    let compensated = try #require(
      workspace.compensated(weight, products: products, as: type))
    // Seen: 0.2 to 0.3.
    #expect(change(compensated) < 0.5 * nearest)
  }

  @Test("Inputs that never came leave nothing to make up for")
  func noInputs() throws {
    let products = Matrix(rows: 256, columns: 256)
    products.fill(0)
    let weight = try Self.weight(rows: 2, columns: 256)
    #expect(Workspace(threads: 1).compensated(weight, products: products, as: .q40) == nil)
  }
}

/// A whole model: the small pair in F16.
@Suite struct CalibrationTests {
  static let folder = Fixture.path("pairs/old")

  static func calibration(_ model: VisionLanguageModel) throws -> (TemporaryFolder, Calibration) {
    let folder = try TemporaryFolder()
    try FileManager.default.copyItem(
      atPath: "\(Self.folder)/image.png", toPath: "\(folder.path)/image.png")
    let lines = ["What is here?", "Which colour has it?"].enumerated().map {
      #"{"question_id": \#($0.offset), "image": "image.png", "text": "\#($0.element)"}"#
    }
    _ = try folder.write(lines.joined(separator: "\n"), to: "questions.jsonl")
    return (folder, try Calibration(model, folder: folder.path))
  }

  @Test("Calibrated weights keep what is likely better than the nearest ones")
  func pair() throws {
    let (path, tower) = ("\(Self.folder)/model.gguf", "\(Self.folder)/mmproj.gguf")
    let model = try VisionLanguageModel(contentsOfFile: path, projector: tower, threads: 2)
    let (folder, calibration) = try Self.calibration(model)
    let quantizer = try ModelQuantizer(contentsOfFile: path, to: .q40, threads: 2)
    let image = try RGBImage(contentsOfFile: "\(Self.folder)/image.png")
    let options = "red blue house tree seven nothing yes no the it".split(separator: " ")
    func losses(_ path: String) throws -> [Float] {
      let model = try VisionLanguageModel(contentsOfFile: path, projector: tower, threads: 2)
      let encoded = try model.encode(image)
      return try calibration.samples.flatMap { sample in
        try model.score(
          .question(sample.prompt), options: options.map(String.init), about: encoded
        ).options.map { $0.loss }
      }
    }
    let own = try losses(path)
    func change(_ calibration: Calibration?, to name: String) throws -> Float {
      let output = "\(folder.path)/\(name)"
      let summary = try quantizer.write(to: output, calibration: calibration)
      // Seven weights of each of the two layers.
      #expect(summary.compensated == (calibration == nil ? 0 : 14))
      return zip(try losses(output), own).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    }
    let (calibrated, nearest) = (
      try change(calibration, to: "calibrated"), try change(nil, to: "nearest")
    )
    #expect(calibrated < 0.8 * nearest)
  }
}
