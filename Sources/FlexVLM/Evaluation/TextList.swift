/// Answers as data sets have them: one text or number, or a list of those, or of objects with the
/// field `answer`.
struct TextList: Decodable {
  let texts: [String]

  private struct Item: Decodable {
    let text: String

    private enum CodingKeys: String, CodingKey { case answer }

    init(from decoder: any Swift.Decoder) throws {
      if let fields = try? decoder.container(keyedBy: CodingKeys.self) {
        text = try fields.decode(Item.self, forKey: .answer).text
        return
      }
      let value = try decoder.singleValueContainer()
      if let number = try? value.decode(Int.self) {
        text = "\(number)"
      } else if let number = try? value.decode(Double.self) {
        text = "\(number)"
      } else {
        text = try value.decode(String.self)
      }
    }
  }

  init(from decoder: any Swift.Decoder) throws {
    if var list = try? decoder.unkeyedContainer() {
      var texts: [String] = []
      while !list.isAtEnd { texts.append(try list.decode(Item.self).text) }
      self.texts = texts
    } else {
      texts = [try Item(from: decoder).text]
    }
  }
}
