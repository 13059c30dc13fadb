import Foundation
import Testing

/// `extract` as its user runs it: the table, its faults, going on, and dividing the work.
@Suite struct ExtractTests {
  /// Four images in two folders, one of them broken and one in a folder's folder, beside what is none.
  private static let images = #"""
    mkdir -p d/sub e; cp "$I" d/b.png; cp "$I" d/sub/c.PNG; cp "$I" "e/=a,1.png"
    echo broken > d/a.jpg; echo text > d/notes.txt; cp "$I" d/._b.png; ln -s . d/sub/loop

    """#
  private static let extract =
    #""$F" extract d e -r -q 'why=why?' -q 'two words=what is it?' -n6 -t2"#

  /// The output of a script that is expected to end with a code.
  private func output(_ script: String, code: Int32 = 0) async throws -> String {
    let run = try await ProcessTests.run(Self.images + script)
    #expect(run.code == code, "\(run.error)")
    return run.output
  }

  @Test("A row an image in order, a column a question, and the reason for a broken one")
  func table() async throws {
    let run = try await ProcessTests.run(Self.images + Self.extract)
    #expect(run.code == 65)
    let answers = try await output(#""$F" ask "$I" 'why?' 'what is it?' -n6 --json"#)
      .split(separator: "\n").map {
        try JSONSerialization.jsonObject(with: Data($0.utf8)) as! [String: Any]
      }
    let rows = run.output.components(separatedBy: "\r\n")
    #expect(rows.count == 6 && rows[5].isEmpty)
    #expect(rows[0] == "image,why,two words,error")
    #expect(rows[1].hasPrefix("d/a.jpg,,,") && rows[1].contains("is not an image"))
    for (row, image) in [(2, "d/b.png"), (3, "d/sub/c.PNG"), (4, "\"'=a,1.png\"")] {
      #expect(rows[row].hasPrefix(row == 4 ? "\"e/=a,1.png\"," : image + ","))
      #expect(rows[row].hasSuffix(","))
    }
    #expect(run.error.contains("\n4 of 4 (100 %), "))
    #expect(
      run.error.hasSuffix("1 of 4 images without all answers; the column 'error' tells why.\n"))

    let lines = try await output(Self.extract + " --jsonl --confidence", code: 65)
      .split(separator: "\n").map {
        try JSONSerialization.jsonObject(with: Data($0.utf8)) as! [String: Any]
      }
    #expect(lines.count == 4 && lines[0]["why"] is NSNull)
    for (column, answer) in zip(["why", "two words"], answers) {
      #expect(lines[1][column] as? String == answer["answer"] as? String)
      // The table has four decimals.
      for (end, key) in [("confidence", "confidence"), ("first_probability", "first_probability")] {
        let (shown, exact) = (lines[1]["\(column)_\(end)"] as? Double, answer[key] as? Double)
        #expect(abs(try #require(shown) - #require(exact)) <= 5.1e-5)
      }
    }
  }

  @Test(
    "These pairs of scripts print the same",
    arguments: [
      // Names come as arguments, from a list by lines or by NUL, from folders; questions from a file.
      (
        #"printf 'd/b.png\r\n\ne\n' | "$F" extract - -q 'why=why?' -n6"#,
        #""$F" extract d/b.png e -q 'why=why?' -n6"#
      ),
      (
        #"find e d/b.png -name '*.png' -print0 | "$F" extract - -q 'why=why?' -n6"#,
        #""$F" extract e/*.png d/b.png -q 'why=why?' -n6"#
      ),
      (
        #"printf '\xef\xbb\xbfa=why?\r\n\n b = who? \n' > q; "$F" extract e --questions q -n6"#,
        #"printf 'a=why?\nb=who?' | "$F" extract e/ --questions - -n6 | sed s,//,/,"#
      ),
      // Names that are not UTF-8 are told, and cost no more than their rows.
      (
        #"cp d/a.jpg $'\xff.png'; "$F" extract e $'\xff.png' -q 'why=why?' -n6 2>/dev/null || true"#,
        #"cp d/a.jpg �.png; "$F" extract e �.png -q 'why=why?' -n6 2>/dev/null || true"#
      ),
      (
        #"printf 'e\n\xff.png\n' | "$F" extract - -q 'why=why?' -n6 2>/dev/null || true"#,
        #""$F" extract e �.png -q 'why=why?' -n6 2>/dev/null || true"#
      ),
      // The table is the same in a file, with any number of workers, and for one image at a time.
      (
        #""$F" extract d/sub e -q 'why=why?' -n6 -o t.csv --workers 3 -t3; cat t.csv"#,
        #"(for i in d/sub e; do "$F" extract $i -q 'why=why?' -n6; done) | awk 'NR != 3'"#
      ),
      (
        #""$F" extract e -q 'why=why?' -n6 -o t.jsonl; cat t.jsonl"#,
        #""$F" extract e -q 'why=why?' -n6 --jsonl"#
      ),
    ])
  func same(script: String, other: String) async throws {
    let (first, second) = try await (output(script), output(other))
    #expect(first == second && first.count > 20)
  }

  @Test("Doubtful answers are left out and counted; the answers beside the table keep them")
  func minimum() async throws {
    let script = #"""
      E='-q why=why? -n6 -o t.csv'
      "$F" extract e d/b.png $E --min-confidence 1; cat t.csv; ls; 
      "$F" extract e d/b.png $E --resume 2>/dev/null; "$F" extract e d/b.png -q why=why? -n6 | cmp - t.csv
      """#
    let run = try await ProcessTests.run(Self.images + script)
    #expect(run.code == 0)
    #expect(
      run.output == """
        image,why,error\r
        "e/=a,1.png",,\r
        d/b.png,,\r
        d
        e
        t.csv
        t.csv.answers
        t.csv.answers.run.json
        t.csv.answers.times

        """)
    #expect(run.error.contains("\n2 answers left out, with a confidence below 1.0.\n"))
  }

  @Test("Runs that are killed, or stopped by Ctrl-C, go on to the same table")
  func kill() async throws {
    // Twelve images, three questions each; killed at five places, once with a torn line left behind.
    let script = #"""
      mkdir m; for i in $(seq -w 12); do cp "$I" m/$i.png; done
      E="$F extract m -q a=why? -q b=who? -q c=where? -n30 -t1 --workers 1"
      $E -o whole.csv 2>/dev/null || exit 1
      for lines in 1 5 8 15 22; do
        $E -o killed.csv --resume 2>/dev/null & pid=$!
        while kill -0 $pid 2>/dev/null &&
          test "$(wc -l < killed.csv.answers 2>/dev/null || echo 0)" -lt $lines; do sleep 0.01; done
        test $lines = 22 && signal=INT || signal=KILL
        kill -$signal $pid 2>/dev/null; wait $pid 2>/dev/null; codes="$codes $?"
        test $lines = 8 && printf '{"answer_id":"to' >> killed.csv.answers
        cmp -n $(wc -c < killed.csv) killed.csv whole.csv || exit 2
      done
      $E -o killed.csv --resume 2>/dev/null || exit 3
      cmp killed.csv whole.csv && cmp killed.csv.answers whole.csv.answers && echo $codes
      """#
    let run = try await ProcessTests.run(script)
    #expect(run.code == 0, "\(run.error)")
    // 137 is SIGKILL. Ctrl-C means nothing to a job of a script, unless the program asks for it.
    #expect(run.output == "137 137 137 137 130\n")
  }

  @Test("Shards merge to the whole table and its answers, whatever the format")
  func shards() async throws {
    for name in ["t.csv", "t.jsonl"] {
      let script = #"""
        N=\#(name); for i in 1 2 3; do "$F" extract d e -r -q $'a\nb=why?' -q 'b=who?' -n6 \
          --confidence -o s-$N --shard $i/3 2>/dev/null; done
        "$F" extract d e -r -q $'a\nb=why?' -q 'b=who?' -n6 --confidence -o $N 2>/dev/null
        "$F" merge s-* -o m-$N && for f in "" .answers .answers.run.json; do cmp m-$N$f $N$f; done
        "$F" merge s-* -o m-$N; echo $?
        "$F" merge s-*.answers -o m.answers >/dev/null && cmp m.answers $N.answers; rm m.answers*
        rm s-${N/./.2-of-3.}; "$F" merge s-* -o other; echo $?
        """#
      let run = try await ProcessTests.run(Self.images + script)
      #expect(run.output == "8 answers of 3 shards -> m-\(name)\n73\n65\n", "\(run.error)")
      #expect(run.error.contains("'m-\(name)' exists; name another file."))
    }
  }

  @Test("A shard's table that is not that of its answers is not merged")
  func tornShard() async throws {
    let script = #"""
      for i in 1 2; do "$F" extract d/b.png e -q 'b=why?' -n6 -o s.csv --shard $i/2 2>/dev/null; done
      cp s.1-of-2.csv kept; head -1 kept > s.1-of-2.csv; "$F" merge s.*.csv -o m.csv; echo $?
      sed s/why/who/ kept | sed 1s/b/c/ > s.1-of-2.csv; "$F" merge s.*.csv -o m.csv; echo $?; ls m*
      cp kept s.1-of-2.csv; sed -i '/PerImage/s/1/9223372036854775807/' s.1-of-2.csv.answers.run.json
      "$F" merge s.*.csv -o m.csv; echo $?; cp s.1-of-2.csv.answers.run.json s.2-of-2.csv.answers.run.json
      sed -i '/number/s/1/2/' s.2-of-2.csv.answers.run.json
      "$F" merge s.*.csv -o m.csv; echo $?
      rm s.1-of-2.csv.answers; "$F" merge s.*.csv -o m.csv; echo $?; ls m*
      """#
    let run = try await ProcessTests.run(Self.images + script)
    #expect(run.output == "65\n65\n65\n65\n66\n")
    #expect(run.error.contains("\n  questions per image: 9223372036854775807 -> 1\n"))
    #expect(run.error.contains("'s.1-of-2.csv', 1 rows: not the table of the answers beside it"))
    #expect(run.error.contains("cannot read 's.1-of-2.csv.answers': there is no such file"))
    #expect(run.error.contains("'s.1-of-2.csv', 0 rows: not the table of the answers beside it"))
    #expect(run.error.contains("'s.1-of-2.csv' and 's.2-of-2.csv' differ in format or columns"))
  }

  @Test(
    "These are refused in these words",
    arguments: [
      ("-q a=b? -q a=c? e", 64, "Two columns of the table would be called 'a'"),
      ("-q image=b? e", 64, "Two columns of the table would be called 'image'"),
      ("-q a=b? e/..", 66, "'e/..' has no images; '--recursive' looks into the folders"),
      ("-q a=b? d/notes.txt", 66, "No image has an answer, the first because of this: "),
      ("-q a=b? - </dev/null", 66, "The list on standard input names no image."),
      ("--questions d/notes.txt e", 65, "'d/notes.txt', line 1: expected a name and a question"),
      (
        "--questions <(printf 'a=b?\na=c?') e", 65,
        "': Two columns of the table would be called 'a'"
      ),
      ("--questions /dev/null e", 65, "'/dev/null' has no questions"),
      ("-q a=b? e -o d/notes.txt", 73, "'d/notes.txt' exists without 'd/notes.txt.answers'"),
      ("-q a=b? e -o d/notes.txt --resume", 73, "'d/notes.txt' exists without "),
      ("-q a=b? e -o no/t.csv", 74, "cannot write 'no/t.csv.answers'"),
    ] as [(String, Int32, String)])
  func refusals(arguments: String, code: Int32, message: String) async throws {
    let run = try await ProcessTests.run(Self.images + #""$F" extract -n6 "# + arguments)
    #expect(run.code == code)
    #expect(run.error.contains(message), "\(run.error)")
  }

  @Test("A table that is there is neither overwritten nor gone on with by other questions")
  func others() async throws {
    let script = #"""
      "$F" extract e -q a=why? -n6 -o t.csv 2>/dev/null; cp t.csv kept
      "$F" extract e -q a=why? -n6 -o t.csv; echo $?
      "$F" extract e -q a=who? -n6 -o t.csv --resume; echo $?
      "$F" extract d/b.png -q a=why? -n6 -o t.csv --resume; echo $?; cmp t.csv kept
      """#
    let run = try await ProcessTests.run(Self.images + script)
    #expect(run.output == "73\n65\n65\n")
    #expect(run.error.contains("'t.csv' exists; go on with it by '--resume'"))
  }
}
