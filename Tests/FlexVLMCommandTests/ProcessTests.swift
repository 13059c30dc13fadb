import Foundation
import Testing

/// The program as its user runs it: bytes, signals, limits of the system.
@Suite struct ProcessTests {
  /// What a shell script leaves behind.
  struct Run: Equatable {
    var code: Int32
    var output = ""
    var error = ""
  }

  /// Runs a bash script in a folder, where `$F` is the program with the small model of fixed random
  /// weights, whose answers are long, and `$I` an image.
  static func run(_ script: String, in folder: URL) throws -> Run {
    let process = Process()
    // A script that waits for what never comes fails, and its children end with it.
    process.executableURL = URL(filePath: "/usr/bin/timeout")
    process.arguments = ["--kill-after=5", "900", "/bin/bash", "-c", script]
    process.currentDirectoryURL = folder
    // Built beside the tests.
    let program = Bundle.module.bundleURL.deletingLastPathComponent().appending(path: "flexvlm")
    let fixtures = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../FlexVLMTests/Fixtures/parity/tiny-a").standardized
    process.environment = ProcessInfo.processInfo.environment.merging([
      "F": program.path, "FLEXVLM_MODEL": fixtures.appending(path: "model.gguf").path,
      "I": fixtures.appending(path: "image.png").path, "LC_ALL": "C",
    ]) { $1 }
    let (output, error) = (folder.appending(path: ".stdout"), folder.appending(path: ".stderr"))
    for file in [output, error] { try Data().write(to: file) }
    process.standardOutput = try FileHandle(forWritingTo: output)
    process.standardError = try FileHandle(forWritingTo: error)
    process.standardInput = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    return Run(
      code: process.terminationStatus,
      output: String(decoding: try Data(contentsOf: output), as: UTF8.self),
      error: String(decoding: try Data(contentsOf: error), as: UTF8.self))
  }

  static func run(_ script: String) async throws -> Run {
    try await withTemporaryFolder { try run(script, in: $0) }
  }

  @Test(
    "These pairs of scripts print the same",
    arguments: [
      // The image from standard input.
      (#""$F" ask - why? -n8 < "$I""#, #""$F" ask "$I" why? -n8"#),
      (#"cat "$I" | "$F" ask - why? -n8"#, #""$F" ask "$I" why? -n8"#),
      (#""$F" score - why? -oa -ob < "$I""#, #""$F" score "$I" why? -oa -ob"#),
      // Names that are not UTF-8: an image, a model as an option's value, a file of questions.
      (#"cp "$I" $'\xff.png'; "$F" ask $'\xff.png' why? -n8"#, #""$F" ask "$I" why? -n8"#),
      (
        #"cp "$FLEXVLM_MODEL" $'\xe4'; FLEXVLM_MODEL= "$F" ask "$I" why? -n8 --model=$'\xe4'"#,
        #""$F" ask "$I" why? -n8"#
      ),
      (
        #"echo why? > $'q\xa0'; "$F" ask "$I" -n8 --questions $'q\xa0'"#,
        #""$F" ask "$I" why? -n8"#
      ),
      (
        #"echo > $'\xe4'; "$F" ask "$I" why? -n8 --trace=$'\xe4'; test $(cat $'\xe4' | wc -c) -gt 99"#,
        #""$F" ask "$I" why? -n8"#
      ),
      // Byte order marks, white space and the image's place around questions.
      (
        #"printf '\xef\xbb\xbfwhy?\r\n\xef\xbb\xbf\n <image> where? \n' > q; "#
          + #""$F" ask "$I" -n8 --questions q"#,
        #""$F" ask "$I" -n8 why? where?"#
      ),
      (
        #"printf '\xef\xbb\xbfwhy?\r\nwhere?' | "$F" explore "$I" -n8"#,
        #""$F" ask "$I" -n8 why? where?"#
      ),
      (
        #"printf '\xef\xbb\xbf:policy none\nwhy?' | "$F" explore "$I" -n8"#,
        #""$F" ask "$I" -n8 why? --policy none"#
      ),
      (
        #"printf '\xef\xbb\xbf<image>why?' > p; "$F" ask "$I" -n8 --prompt-file p"#,
        #""$F" ask "$I" -n8 why? --prompt-template '<image>{question}'"#
      ),
      (#""$F" ask "$I" -n8 $'\xef\xbb\xbf<image>\nwhy?'"#, #""$F" ask "$I" -n8 why?"#),
      (#""$F" -V"#, #""$F" version"#),
    ])
  func same(script: String, other: String) async throws {
    let (first, second) = try await (Self.run(script), Self.run(other))
    #expect(first == second)
    #expect(first.code == 0 && first.output.count > 2)
  }

  @Test(
    "These are refused in these words",
    arguments: [
      (
        #""$F" ask $'\xff.png' why?"#, 64,
        "flexvlm: '\u{FFFD}.png' is not UTF-8, nor is there a file of that name.\n"
      ),
      (
        #"echo no > $'\xff.png'; "$F" ask $'\xff.png' why?"#, 65,
        "flexvlm: '\u{FFFD}.png' is not an image in a known format"
      ),
      (
        #""$F" ask https://x.org/a.png why?"#, 66,
        "flexvlm: 'https://x.org/a.png' is a web address, and flexvlm works offline"
      ),
      (
        #"cp "$I" a.png; cp "$I" b.png; "$F" ask *.png why?"#, 64,
        "flexvlm: 'b.png' is a file in the place of QUESTION; ask about one image at a time.\n"
      ),
      (
        #"cp "$I" a.png; "$F" ask why? a.png"#, 64,
        "flexvlm: QUESTION comes after IMAGE; put 'a.png' first.\n"
      ),
      (
        #"printf '\xff\xfew\0' > q; "$F" ask "$I" --questions q"#, 65,
        "flexvlm: 'q' is not UTF-8 text but UTF-16; save it as UTF-8.\n"
      ),
      (#""$F" ask "$I" --questions no"#, 66, "flexvlm: Cannot read 'no': No such file"),
      // Whatever a name holds, it does not reach the terminal as a command.
      (#""$F" ask $'a\x1b[2J\xc2\x9b1m' why?"#, 66, "no image file at 'a\\u{1B}[2J\\u{9B}1m'"),
      // Places that cannot be written to, before anything is answered.
      (
        #""$F" ask "$I" why? --heatmap no/h.png"#, 73,
        "flexvlm: Cannot write 'no/h.png': its folder does not exist.\n"
      ),
      (
        #"echo > f; "$F" ask "$I" why? --heatmap-layers f/h.png"#, 73,
        "flexvlm: Cannot write 'f/h.png': Not a directory.\n"
      ),
      (
        #"mkdir d; "$F" ask "$I" why? --trace d"#, 73,
        "flexvlm: Cannot write 'd': Is a directory.\n"
      ),
      (
        #""$F" score "$I" why? -oa -ob --trace no/t"#, 73,
        "flexvlm: Cannot write 'no/t': its folder does not exist.\n"
      ),
      (
        #"mkdir h-2.png; "$F" ask "$I" why? where? --heatmap h.png"#, 73,
        "flexvlm: Cannot write 'h-2.png': Is a directory.\n"
      ),
    ] as [(String, Int32, String)])
  func refusals(script: String, code: Int32, message: String) async throws {
    let run = try await Self.run(script)
    #expect(run.code == code)
    #expect(run.output.isEmpty)
    #expect(run.error.contains(message))
  }

  @Test("A piped conversation goes on after a bad line, and says which it was")
  func badLines() async throws {
    let good = try await Self.run(#""$F" ask "$I" -n8 why? where?"#)
    let answers = good.output.split(separator: "\n", omittingEmptySubsequences: false)
    let long = String(repeating: "why ", count: 20_000)
    let run = try await Self.run(
      #"printf 'why?\n:polcy none\n\n:policy center\n\#(long)\nwhere?\nexit\nwhy?\n' "#
        + #"| "$F" explore "$I" -n8"#)
    #expect(run.code == 64)
    #expect(run.output == "\(answers[0])\n\n\(answers[1])\n")
    let faults = run.error.split(separator: "\n")
    #expect(faults.count == 3)
    #expect(
      faults[0] == "flexvlm: line 2: Unknown command ':polcy'. Did you mean ':policy'?")
    #expect(faults[1].hasPrefix("flexvlm: line 4: ':policy' takes "))
    #expect(faults[2].hasPrefix("flexvlm: line 5: the "))
  }

  @Test("A question that does not fit leaves its line empty; the others are answered")
  func tooLong() async throws {
    let good = try await Self.run(#""$F" ask "$I" -n8 why? where?"#)
    let answers = good.output.split(separator: "\n")
    let long = String(repeating: "why ", count: 20_000)
    let run = try await Self.run(#""$F" ask "$I" -n8 why? "\#(long)" where?"#)
    #expect(run.code == 65)
    #expect(run.output == "\(answers[0])\n\n\(answers[1])\n")
    let json = try await Self.run(#""$F" ask "$I" -n8 --json why? "\#(long)" where?"#)
    let lines = json.output.split(separator: "\n")
    #expect(json.code == 65 && lines.count == 3)
    #expect(lines[1].hasPrefix(#"{"error":"the "#) && !lines[1].contains("answer\""))
  }

  @Test("In a conversation Ctrl-C stops the answer, not the program")
  func stopsAnswer() async throws {
    let run = try await Self.run(
      #"""
      mkfifo lines; "$F" explore "$I" -n4000 < lines > out & program=$!
      exec 3> lines
      echo 'what is it?' >&3; until [ -s out ]; do sleep 0.05; done
      kill -INT $program; sleep 0.3
      echo :time >&3; echo /quit >&3
      wait $program; code=$?; cat out; exit $code
      """#)
    #expect(run.code == 0)
    let lines = run.output.split(separator: "\n")
    #expect(lines.last?.hasPrefix("encode ") == true)
    #expect(lines.last?.contains("(4000 tokens)") == false)
  }

  @Test("At a terminal Ctrl-C gives up the line that is typed, too; lines are remembered at once")
  func stopsLine() async throws {
    let run = try await Self.run(
      #"""
      export XDG_STATE_HOME=$PWD TERM=xterm; mkfifo keys
      script -qefc '"$F" explore "$I" -n4000' screen < keys > /dev/null & program=$!
      exec 3> keys
      until grep -q '^> ' screen; do sleep 0.05; done
      printf 'half ä line\003' >&3; until [ $(grep -c '^> ' screen) = 2 ]; do sleep 0.05; done
      printf 'what is it?\n' >&3; size=$(wc -c < screen)
      until [ $(wc -c < screen) -gt $((size + 60)) ]; do sleep 0.05; done
      printf '\003' >&3; until [ $(grep -c '^> ' screen) = 3 ]; do sleep 0.05; done
      grep -c what flexvlm/history
      printf ':time\nexit\n' >&3; wait $program; echo $?; grep '^encode' screen
      """#)
    let lines = run.output.split(separator: "\n")
    #expect(lines.prefix(2) == ["1", "0"])
    #expect(lines.last?.contains(" tokens)") == true)
    #expect(lines.last?.contains("(4000 tokens)") == false)
  }

  @Test("Ctrl-C while steps are traced ends the answer and writes the trace")
  func stopsTrace() async throws {
    let run = try await Self.run(
      #"""
      "$F" ask "$I" why? where? -n4000 --trace t > out & program=$!
      until [ -s out ]; do sleep 0.05; done
      kill -INT $program; wait $program; code=$?; cat t; exit $code
      """#)
    #expect(run.code == 130)
    let traces = try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [[String: Any]]
    #expect(traces?.count == 1)
    #expect(((traces?[0]["steps"] as? [Any])?.count ?? 0) > 0)
  }

  @Test(
    "A full disk at the picture or the trace costs no answer, and is called by its name",
    arguments: [
      ("why? --heatmap /dev/full", "/dev/full': No space left on device."),
      ("why? where? --trace /dev/full", "/dev/full': No space left on device."),
      // A file may have 1 KiB.
      ("why? where? --heatmap h.png", "h-1.png': File too large."),
    ])
  func fullDisk(arguments: String, reason: String) async throws {
    let questions = arguments.prefix { $0 != "-" }
    let good = try await Self.run(#""$F" ask "$I" -n8 \#(questions)"#)
    let run = try await Self.run(#"ulimit -f 1; "$F" ask "$I" -n8 \#(arguments); ls"#)
    #expect(run.output == good.output)
    #expect(run.error.contains("flexvlm: Cannot write '" + reason))
  }

  @Test("What is no file is written into: a pipe, standard output, a device; links stay")
  func devices() async throws {
    let run = try await Self.run(
      #"""
      "$F" ask "$I" why? -n1 --trace /dev/null --heatmap >(cat > map) > answer
      until [ -s map ]; do sleep 0.05; done; head -c 4 map | tail -c 3; rm map
      test -c /dev/null; echo $?
      echo old > target; chmod 640 target; ln -s target link; ln -s absent other
      "$F" ask "$I" why? -n1 --trace link >> answer; "$F" ask "$I" why? -n1 --trace other >> answer
      test -L link && test -L other && cmp target absent && stat -c %a target; ls
      """#)
    #expect(run.error.isEmpty)
    #expect(run.output == "PNG0\n640\nabsent\nanswer\nlink\nother\ntarget\n")
  }

  /// Makes `q.jsonl`, eight questions about the image, and `e`, which becomes their evaluation.
  private static let evaluation = #"""
    cp "$I" i.png
    for n in 1 2 3 4 5 6 7 8; do
      echo "{\"question_id\": $n, \"image\": \"i.png\", \"text\": \"why $n?\"}" >> q.jsonl
    done
    e() { exec "$F" eval jsonl -a q.jsonl --images . -n30 -t1 --workers 1 --output "$@"; }

    """#

  @Test("Answers whose files or folder are deleted meanwhile come back whole")
  func deletedOutput() async throws {
    let run = try await Self.run(
      Self.evaluation + #"""
        (e whole) > /dev/null 2>&1
        for gone in d/a 'd/a d/a.run.json' d; do
          rm -rf d; mkdir d; e d/a > summary 2>/dev/null & program=$!
          until [ -s d/a ]; do sleep 0.02; done
          rm -r $gone 2>/dev/null; wait $program; echo $?
          cmp whole d/a && cmp whole.run.json d/a.run.json && grep -c '8 of 8' summary
        done
        """#)
    #expect(run == Run(code: 0, output: "0\n1\n0\n1\n0\n1\n"))
  }

  @Test("Answers whose place another file takes are kept beside it")
  func replacedOutput() async throws {
    let run = try await Self.run(
      Self.evaluation + #"""
        e a > /dev/null & program=$!
        until [ -s a ]; do sleep 0.02; done
        echo mine > other; mv other a; wait $program; echo $?; cat a; grep -c '"why 1?"' a.kept
        """#)
    #expect(run.output == "74\nmine\n1\n")
    #expect(run.error.contains("another file took its place; the answers are in 'a.kept'"))
  }

  @Test("A disk that is full from the start is called so, and nothing is left in the way")
  func fullDiskAtStart() async throws {
    let run = try await Self.run(
      Self.evaluation + #"""
        (ulimit -f 0; e a) 2>&1 | cat; echo ${PIPESTATUS[0]}; ls; (e a) | grep -c '8 of 8'
        """#)
    let lines = run.output.split(separator: "\n")
    #expect(lines.prefix(2) == ["flexvlm: cannot write 'a.run.json': File too large", "74"])
    #expect(lines[2...3] == ["i.png", "q.jsonl"] && lines[4] == "1")
  }

  @Test("A hang-up ends a run between answers, unless nohup started it")
  func hangUp() async throws {
    let run = try await Self.run(
      Self.evaluation + #"""
        e a > /dev/null & program=$!
        until [ -s a ]; do sleep 0.02; done
        kill -HUP $program; wait $program; echo $?
        (e a --resume) > /dev/null 2>&1; echo $?
        trap '' HUP; e b > /dev/null 2>&1 & program=$!
        until [ -s b ]; do sleep 0.02; done
        kill -HUP $program; wait $program; echo $?; cmp a b
        """#)
    #expect(run.output == "130\n0\n0\n")
    #expect(run.error.contains("left; the same command with '--resume' goes on."))
  }

  @Test("A report that cannot be written is found before the run")
  func unwritableReport() async throws {
    let run = try await Self.run(Self.evaluation + #"(e a --report no/r.html); echo $?; ls"#)
    #expect(run.output == "73\ni.png\nq.jsonl\n")
    #expect(run.error == "flexvlm: Cannot write 'no/r.html': its folder does not exist.\n")
  }
}
