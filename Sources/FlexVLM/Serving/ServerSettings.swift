/// How `flexvlm serve` is to serve; handed over to the program that does, as JSON on its standard input.
package struct ServerSettings: Codable, Sendable, Equatable {
  /// Path of the model, and of a pair's second file.
  package var model = ""
  package var projector: String?
  /// Takes the place of the model's own.
  package var promptTemplate: String?
  package var threads: Int?
  package var precision = Precision.auto
  /// Nil chooses by the model's size.
  package var workers: Int?
  /// An address of this machine, or its name.
  package var host = "127.0.0.1"
  /// 0 lets the system choose.
  package var port = 8080
  /// Requests that may wait besides those that are worked on.
  package var queue = 64
  /// MiB for images that were asked about.
  package var imageMemory = 1024
  /// Largest body of a request, and largest image, in MiB.
  package var bodyLimit = 20
  /// Seconds after which an answer that is not complete is given up.
  package var timeout = 300
  /// Folder below which `file://` may read.
  package var mediaPath: String?
  package var allowsRemoteImages = false
  package var apiKey: String?
  /// Whose pages may call the server: an origin, or "*" for all; nil for none.
  package var origin: String?
  /// Whether each request is a line on standard error.
  package var isVerbose = false

  package init() {}
}
