/// The answer processor of the TextVQA scorer (`EvalAIAnswerProcessor` of MMF's M4C evaluator, which
/// LLaVA and FlexAttention use unchanged), with every quirk of that code.
struct AnswerNormalizer: Sendable {
  /// An answer in the form in which answers are compared.
  func callAsFunction(_ answer: String) -> CodePoints {
    let lowered = CodePoints(answer).lowered().filter { $0 != "," && $0 != "?" }
      .replacing("'s", with: " 's").stripped()
    let oneLine = lowered.map { $0 == "\n" || $0 == "\t" ? " " : $0 }.stripped()
    return rewrittenWords(withoutPunctuation(oneLine))
  }

  /// Commas and question marks are gone by now; the original has them here too, and a test for
  /// commas between digits that can no longer succeed.
  private static let punctuation = CodePoints(";/[]\"{}()=+\\_-><@`!")

  /// A sign that touches a space anywhere vanishes everywhere; any other becomes a space. The test
  /// looks at the text as it was before the first sign was treated.
  private func withoutPunctuation(_ text: CodePoints) -> CodePoints {
    var result = text
    for sign in Self.punctuation where text.contains(sign) {
      if text.contains(part: [sign, " "]) || text.contains(part: [" ", sign]) {
        result.removeAll { $0 == sign }
      } else {
        result = result.map { $0 == sign ? " " : $0 }
      }
    }
    return withoutPeriods(result)
  }

  /// Periods that no digit follows go, whatever precedes them: the original's look-behind has a
  /// typing error. Only the first 32: it passes `re.UNICODE`, which is 32, as the count.
  private func withoutPeriods(_ text: CodePoints) -> CodePoints {
    var removed = 0
    return text.indices.compactMap { index in
      let precedesDigit = index + 1 < text.count && text[index + 1].isPythonDigit
      guard text[index] == ".", !precedesDigit, removed < 32 else { return text[index] }
      removed += 1
      return nil
    }
  }

  /// Number words to digits, articles out, apostrophes back into contractions.
  private func rewrittenWords(_ text: CodePoints) -> CodePoints {
    let words = text.words().compactMap { word -> CodePoints? in
      // Only ASCII can be in the tables; other words must not be compared as Swift compares.
      guard word.allSatisfy(\.isASCII) else { return word }
      let text = word.text
      if ["a", "an", "the"].contains(text) { return nil }
      return (Self.digits[text] ?? Self.contractions[text]).map { CodePoints($0) } ?? word
    }
    return CodePoints(words.joined(separator: [" "]))
  }

  private static let digits = [
    "none": "0", "zero": "0", "one": "1", "two": "2", "three": "3", "four": "4", "five": "5",
    "six": "6", "seven": "7", "eight": "8", "nine": "9", "ten": "10",
  ]

  /// Each word and what replaces it. The original lists eight more that can never match, because
  /// of their capitals (`Im`, `Ive`, `Id've`, `I'dve`) or an `'s` that was split off before
  /// (`let's`, `she's`, `ow's'at`, `'ow'sat`).
  private static let contractions: [String: String] = {
    let table = """
      aint ain't, arent aren't, cant can't, couldve could've, couldnt couldn't, \
      couldn'tve couldn't've, couldnt've couldn't've, didnt didn't, doesnt doesn't, dont don't, \
      hadnt hadn't, hadnt've hadn't've, hadn'tve hadn't've, hasnt hasn't, havent haven't, \
      hed he'd, hed've he'd've, he'dve he'd've, hes he's, howd how'd, howll how'll, hows how's, \
      isnt isn't, itd it'd, itd've it'd've, it'dve it'd've, itll it'll, maam ma'am, \
      mightnt mightn't, mightnt've mightn't've, mightn'tve mightn't've, mightve might've, \
      mustnt mustn't, mustve must've, neednt needn't, notve not've, oclock o'clock, \
      oughtnt oughtn't, 'ows'at 'ow's'at, shant shan't, shed've she'd've, she'dve she'd've, \
      shouldve should've, shouldnt shouldn't, shouldnt've shouldn't've, shouldn'tve shouldn't've, \
      somebody'd somebodyd, somebodyd've somebody'd've, somebody'dve somebody'd've, \
      somebodyll somebody'll, somebodys somebody's, someoned someone'd, someoned've someone'd've, \
      someone'dve someone'd've, someonell someone'll, someones someone's, somethingd something'd, \
      somethingd've something'd've, something'dve something'd've, somethingll something'll, \
      thats that's, thered there'd, thered've there'd've, there'dve there'd've, therere there're, \
      theres there's, theyd they'd, theyd've they'd've, they'dve they'd've, theyll they'll, \
      theyre they're, theyve they've, twas 'twas, wasnt wasn't, wed've we'd've, we'dve we'd've, \
      weve we've, werent weren't, whatll what'll, whatre what're, whats what's, whatve what've, \
      whens when's, whered where'd, wheres where's, whereve where've, whod who'd, \
      whod've who'd've, who'dve who'd've, wholl who'll, whos who's, whove who've, whyll why'll, \
      whyre why're, whys why's, wont won't, wouldve would've, wouldnt wouldn't, \
      wouldnt've wouldn't've, wouldn'tve wouldn't've, yall y'all, yall'll y'all'll, \
      y'allll y'all'll, yall'd've y'all'd've, y'alld've y'all'd've, y'all'dve y'all'd've, \
      youd you'd, youd've you'd've, you'dve you'd've, youll you'll, youre you're, youve you've
      """
    return Dictionary(
      uniqueKeysWithValues: table.split(separator: ", ").map { entry in
        let pair = entry.split(separator: " ")
        return (String(pair[0]), String(pair[1]))
      })
  }()
}
