import Glibc

/// What a word of the command line says about a file.
enum FileName {
  /// Whether there is a file of this name; a folder is none.
  static func isOfFile(_ path: String) -> Bool {
    var status = stat()
    return unsafe stat(path, &status) == 0 && status.st_mode & S_IFMT != S_IFDIR
  }

  /// Whether there is a folder of this name, or a link to one.
  static func isFolder(_ path: String) -> Bool {
    var status = stat()
    return unsafe stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  static func isLink(_ path: String) -> Bool {
    var status = stat()
    return unsafe lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFLNK
  }

  /// Whether a word is a file's name rather than a question: the file exists, or the word is one
  /// with an image's extension or a web address.
  static func isMeant(by word: String) -> Bool {
    if isOfFile(word) { return true }
    if word.contains(where: \.isWhitespace) { return false }
    return isWebAddress(word) || hasImageExtension(word)
  }

  /// Whether a name is that of an image by its extension, of a kind that is not read here too.
  static func hasImageExtension(_ name: String) -> Bool {
    imageExtensions.contains { name.lowercased().hasSuffix("." + $0) }
  }

  /// Whether a word is an address that programs with a network would fetch.
  static func isWebAddress(_ word: String) -> Bool {
    ["http://", "https://", "ftp://", "s3://", "file://", "data:"].contains {
      word.lowercased().hasPrefix($0)
    }
  }

  private static let imageExtensions = [
    "png", "jpg", "jpeg", "webp", "tif", "tiff", "gif", "bmp", "heic", "heif", "avif", "jxl", "jp2",
    "svg", "pdf",
  ]
}
