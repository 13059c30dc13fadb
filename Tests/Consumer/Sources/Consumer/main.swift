import FlexVLM

// consumer MODEL IMAGE QUESTION: asks with every public part of the library, and prints the answer.
let arguments = CommandLine.arguments
let model = try VisionLanguageModel(contentsOfFile: arguments[1])
let picture = try RGBImage(contentsOfFile: arguments[2])
let image = try await model.encode(picture)

let options = GenerationOptions(maximumTokens: 32, selection: SelectionOptions(policy: .flex))
let stream = model.stream(arguments[3], about: image, options: options)
var streamed = ""
for try await text in stream { streamed += text }
let answer = try await stream.answer
precondition(answer.text == streamed)

let scores = try await model.score(arguments[3], options: [answer.text, "no"], about: image)
precondition(scores.options[0].loss.isFinite)
let heatmap = Heatmap(
  image: picture, question: arguments[3], answer: answer, model: model.configuration,
  selection: options.selection)
precondition(heatmap?.overview().encodedPNG() != nil)
print(answer.text)
