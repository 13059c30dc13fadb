import Testing

@testable import FlexVLMCommand

extension Option: CustomTestStringConvertible {
  public var testDescription: String { syntax }
}

@Suite struct UsageErrorTests {
  @Test(
    "A faulty command line is refused in these words",
    arguments: [
      (["aks", "i.png"], "Unknown command 'aks'. Did you mean 'ask'?"),
      (["photo.png"], "Unknown command 'photo.png'."),
      ([""], "Unknown command ''."),
      (["help", "scores"], "Unknown command 'scores'. Did you mean 'score'?"),
      (["--json", "ask"], "Expected a command before '--json'."),
      (["-v"], "Expected a command before '-v'."),
      (["ask"], "Missing IMAGE."),
      (["ask", "i.png"], "Missing QUESTION."),
      (["ask", "--no-image"], "Missing QUESTION."),
      (["eval"], "Missing BENCHMARK."),
      (["eval", "textvqa2"], "Unknown benchmark 'textvqa2'. Did you mean 'textvqa'?"),
      (["eval", "pope", "-a", "f", "--output", "o"], "'--images <path>' is needed."),
      (["eval", "vstar", "--output", "o"], "'--annotations <path>' is needed."),
      (["eval", "vstar", "-a", "f"], "'--output <file>' is needed."),
      (["metric", "pope", "-a", "f"], "'--answers <file>' is needed."),
      (["merge", "--output", "o"], "Missing SHARD."),
      (["quantize", "i", "o"], "Missing TYPE."),
      (
        ["quantize", "i", "o", "Q3_K"],
        "Unknown type 'Q3_K'. Known are F32, F16, BF16, Q8_0, Q6_K, Q5_1, Q5_0, Q5_K, Q4_1, Q4_0, Q4_K."
      ),
      (["quantize", "i", "o", "Q8_0", "--mmproj", "m"], "'--calibrate <folder>' is needed."),
      (["merge", "a"], "'--output <file>' is needed."),
      (
        ["eval", "vstar", "-a", "f", "--shard", "9/8"],
        "'--shard' takes a part and their number, such as 2/8, not '9/8'."
      ),
      (["bench", "--layers", "2"], "'--geometry <name>' is needed."),
      (["bench", "--type", "Q8_0", "-m", "m"], "'--geometry <name>' is needed."),
      (
        ["bench", "--geometry", "mini", "--mmproj", "m"],
        "'--geometry' and '--mmproj' exclude each other."
      ),
      (
        ["bench", "--geometry", "mini", "--type", "Q9"],
        "'--type' takes one of F32, F16, BF16, Q8_0, Q6_K, Q5_1, Q5_0, Q5_K, Q4_1, Q4_0, Q4_K, "
          + "not 'Q9'."
      ),
      (
        ["ask", "i.png", "q", "--precision", "int8"],
        "'--precision' takes 'auto', 'float32' or 'bfloat16', not 'int8'."
      ),
      (["ask", "", "q"], "IMAGE is empty."),
      (["ask", "i.png", "q", ""], "QUESTION is empty."),
      (["ask", "i.png", " \n\t"], "QUESTION is empty."),
      (["ask", "i.png", "\u{FEFF}"], "QUESTION is empty."),
      (["ask", "i.png", "<image>\n"], "QUESTION is empty."),
      (["score", "i.png", " ", "-o", "a", "-o", "b"], "QUESTION is empty."),
      (["score", "i.png", "q", "-o", " ", "-o", "b"], "'--option' takes some text, not ' '."),
      (
        ["ask", "a.png", "b.png", "q"],
        "'b.png' is a file in the place of QUESTION; ask about one image at a time."
      ),
      (
        ["ask", "a.png", "q", "scans/b.TIF"],
        "'scans/b.TIF' is a file in the place of QUESTION; ask about one image at a time."
      ),
      (
        ["ask", "a.png", "https://x.org/b"],
        "'https://x.org/b' is a file in the place of QUESTION; ask about one image at a time."
      ),
      (
        ["ask", "a.png", #filePath],
        "'\(#filePath)' is a file in the place of QUESTION; ask about one image at a time."
      ),
      (
        ["ask", "what is it?", "a.png"],
        "QUESTION comes after IMAGE; put 'a.png' first."
      ),
      (
        ["score", "what is it?", #filePath, "-o", "a", "-o", "b"],
        "QUESTION comes after IMAGE; put '\(#filePath)' first."
      ),
      (
        ["score", "a.png", "b.png", "q", "-o", "a", "-o", "b"],
        "'b.png' is a file in the place of QUESTION; ask about one image at a time."
      ),
      (
        ["ask", "--no-image", "a.png", "q"],
        "'a.png' is a file, but with '--no-image' every argument is a question."
      ),
      (
        ["explore", "a.png", "b.png"],
        "Unexpected argument 'b.png'. Give one file at a time."
      ),
      (["explore", "-"], "IMAGE and the questions cannot both be standard input."),
      (
        ["ask", "-", "--questions", "-"],
        "IMAGE and '--questions' cannot both be standard input."
      ),
      (
        ["score", "-", "--prompt-file", "-", "-o", "a", "-o", "b"],
        "IMAGE and '--prompt-file' cannot both be standard input."
      ),
      (
        ["ask", "a.png", "q", "--heatmap", "a.png"], "IMAGE and '--heatmap' are both 'a.png'."
      ),
      (
        ["ask", "a.png", "q", "--heatmap", "h", "--heatmap-layers", "h"],
        "'--heatmap' and '--heatmap-layers' are both 'h'."
      ),
      (["ask", "--questions", "f"], "Missing IMAGE."),
      (
        ["ask", "i.png", "q", "--questions", "f"],
        "'--questions' stands in place of QUESTION, but 'q' is given too."
      ),
      (
        ["ask", "i.png", "q", "--prompt-file", "p"],
        "'--prompt-file' stands in place of QUESTION, but 'q' is given too."
      ),
      (
        ["ask", "i.png", "--prompt-file", "p", "--questions", "f"],
        "'--prompt-file' and '--questions' exclude each other."
      ),
      (
        ["ask", "i.png", "--prompt-file", "p", "--prompt-template", "<image>{question}"],
        "'--prompt-file' and '--prompt-template' exclude each other."
      ),
      (
        ["ask", "i.png", "q", "--prompt-template", "{question}"],
        """
        '--prompt-template' takes a text with '<image>' and '{question}' once each, not '{question}'.
        """
      ),
      (
        ["ask", "i.png", "q", "--max-token", "3"],
        "Unknown option '--max-token'. Did you mean '--max-tokens'?"
      ),
      (
        ["ask", "i.png", "q", "--temp=3"],
        "Unknown option '--temp'. Did you mean '--temperature'?"
      ),
      (["ask", "i.png", "q", "--sloep"], "Unknown option '--sloep'."),
      (["ask", "i.png", "q", "-w"], "Unknown option '-w'."),
      (["ask", "i.png", "q", "-vw"], "Unknown option '-w'."),
      (["ask", "i.png", "q", "-v=1"], "'--verbose' takes no value."),
      (["ask", "i.png", "q", "-vv"], "'--verbose' is given twice."),
      (["ask", "i.png", "q", "-vt"], "Missing value for '--threads <count>'."),
      (["ask", "i.png", "q", "-t="], "'--threads' takes a whole number from 1 to 1024, not ''."),
      (["ask", "i.png", "q", "-t0"], "'--threads' takes a whole number from 1 to 1024, not '0'."),
      (["ask", "i.png", "q", "-model", "m"], "Unknown option '-model'. Did you mean '--model'?"),
      (["ask", "i.png", "q", "-seed=3"], "Unknown option '-seed=3'. Did you mean '--seed'?"),
      (["inspect", "--heatmap", "h"], "'--heatmap' is for 'flexvlm ask' only."),
      (
        ["inspect", "--top-p", "1"], "'--top-p' is for 'flexvlm ask' and 'flexvlm explore' only."
      ),
      (
        ["inspect", "-m", "x"],
        """
        '-m' is for 'flexvlm ask', 'flexvlm explore', 'flexvlm score', 'flexvlm bench', \
        'flexvlm eval', 'flexvlm extract' and 'flexvlm serve' only.
        """
      ),
      (
        ["inspect", "-o", "x"],
        """
        '-o' is for 'flexvlm score', 'flexvlm eval', 'flexvlm extract' and 'flexvlm merge' only.
        """
      ),
      (["extract"], "Missing IMAGE."),
      (["extract", "i.png"], "'--question <name=question>' is needed."),
      (
        ["extract", "i.png", "-q", "What is it?"],
        """
        '--question' takes a name and a question, such as 'total=What is the total?', not \
        'What is it?'.
        """
      ),
      (
        ["extract", "i.png", "-q", "a=b?", "--questions", "f"],
        "'--question' and '--questions' exclude each other."
      ),
      (
        ["extract", "i.png", "-q", "a=b?", "--csv", "--jsonl"],
        "'--csv' and '--jsonl' exclude each other."
      ),
      (
        ["extract", "-", "--questions", "-"],
        "IMAGE and '--questions' cannot both be standard input."
      ),
      (["extract", "i.png", "-q", "a=b?", "--resume"], "'--output <table>' is needed."),
      (["version", "--vrbose"], "Unknown option '--vrbose'."),
      (["ask", "i.png", "q", "--model"], "Missing value for '--model <file>'."),
      (["ask", "i.png", "q", "-n"], "Missing value for '--max-tokens <count>'."),
      (["ask", "--model", "--", "i.png", "q"], "Missing value for '--model <file>'."),
      (["ask", "--model=", "i.png", "q"], "'--model' takes a file name, not ''."),
      (["ask", "i.png", "q", "--json=yes"], "'--json' takes no value."),
      (["ask", "i.png", "q", "--help=me"], "'--help' takes no value."),
      (["ask", "i.png", "q", "--seed", "1", "--seed=2"], "'--seed' is given twice."),
      (["ask", "i.png", "q", "-v", "--verbose"], "'--verbose' is given twice."),
      (
        ["ask", "i.png", "q", "-n", "ten"],
        "'--max-tokens' takes a whole number from 1 to 4096, not 'ten'."
      ),
      (
        ["ask", "i.png", "q", "--max-tokens", "1.5"],
        "'--max-tokens' takes a whole number from 1 to 4096, not '1.5'."
      ),
      (
        ["ask", "i.png", "q", "--temperature", "-1"],
        "'--temperature' takes a number from 0 to 2, not '-1'."
      ),
      (
        ["ask", "i.png", "q", "--temperature", "nan"],
        "'--temperature' takes a number from 0 to 2, not 'nan'."
      ),
      (
        ["ask", "i.png", "q", "--alpha", "keep"],
        "'--alpha' takes 'drop' or 'white', not 'keep'."
      ),
      (
        ["completions", "csh"], "Unknown shell 'csh'. Did you mean 'zsh'?"
      ),
      (
        ["ask", "i.png", "q", "--policy", "center"],
        """
        '--policy' takes 'flex', 'flex-fixed', 'tidal', 'hired', 'prumerge', 'prumerge+', \
        'random', 'centre', 'none' or 'all', not 'center'. Did you mean 'centre'?
        """
      ),
      (
        ["ask", "i.png", "q", "--budget", "0.2"],
        "'--policy flex' and '--budget' exclude each other."
      ),
      (
        ["ask", "i.png", "q", "--policy", "tidal", "--compat"],
        "'--policy tidal' and '--compat' exclude each other."
      ),
      (
        ["ask", "i.png", "q", "--show", "--json"], "'--show' and '--json' exclude each other."
      ),
      (
        ["ask", "--no-image", "q", "--heatmap", "h.png"],
        "'--no-image' and '--heatmap' exclude each other."
      ),
      (
        ["score", "i.png", "q", "--alpha", "WHITE"],
        "'--alpha' takes 'drop' or 'white', not 'WHITE'. Did you mean 'white'?"
      ),
      (
        ["eval", "textvqa", "--ocr-tokens", "om"],
        "'--ocr-tokens' takes 'off' or 'on', not 'om'. Did you mean 'on'?"
      ),
      (
        ["score", "i.png", "q", "-o", "a"],
        "'--option <text>' is needed at least 2 times; it is given 1 time."
      ),
      (
        ["score", "i.png", "q"],
        "'--option <text>' is needed at least 2 times; it is given 0 times."
      ),
      (["score", "i.png", "q", "-o", ""], "'--option' takes some text, not ''."),
      (
        ["score", "i.png", "what", "is", "-o", "a", "-o", "b"],
        "Unexpected argument 'is'. An argument of several words needs quotes."
      ),
      (
        ["score", "i.png", "q", "--prompt-file", "p", "-o", "a", "-o", "b"],
        "'--prompt-file' stands in place of QUESTION, but 'q' is given too."
      ),
      (
        ["inspect", "a", "b"],
        "Unexpected argument 'b'. An argument of several words needs quotes."
      ),
      (
        ["version", "1"],
        "Unexpected argument '1'. An argument of several words needs quotes."
      ),
    ])
  func message(arguments: [String], expected: String) throws {
    let error = try #require(throws: UsageError.self) { try CommandLineReader.read(arguments) }
    #expect(error.message == expected)
  }

  static let declarations = Option.table.flatMap { option in
    option.commands.map { (option, $0) }
  }

  /// Of options that "1" does not suit.
  static let values = ["shard": "1/2", "prompt-template": "<image>{question}"]

  @Test("Every option refuses a missing, an unfit and a second value", arguments: declarations)
  func refusesMisuse(_ option: Option, of command: Command) throws {
    func problem(_ words: [String]) throws -> UsageError.Problem {
      try #require(throws: UsageError.self) {
        try CommandLineReader.read([command.rawValue] + words)
      }.problem
    }
    let name = "--" + option.name
    guard option.placeholder != nil else {
      #expect(try problem([name + "=x"]) == .unwantedValue(option: name))
      return
    }
    #expect(try problem([name]) == .missingValue(syntax: option.syntax))
    #expect(
      try problem([name, ""])
        == .invalidValue(option: name, expected: option.expected, text: "", nearest: nil))
    if option.occurrences.upperBound == 1 {
      // The first of a list of names; else what suits numbers and texts.
      let names = option.expected.split(separator: "'", omittingEmptySubsequences: false)
      let fitting = option.expected.hasPrefix("'") ? String(names[1]) : "1"
      let value = option.defaultText ?? Self.values[option.name] ?? fitting
      #expect(try problem([name, value, name, value]) == .repeatedOption(name))
    }
  }

  @Test("No command has a name or a short name twice")
  func namesAreUnique() {
    for command in Command.allCases {
      let options = Option.table.filter { $0.commands.contains(command) }
      let names = options.map(\.name) + options.compactMap(\.shortName).map { String($0) }
      #expect(Set(names).count == names.count)
    }
  }
}
