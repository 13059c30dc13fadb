// `flexvlm serve` starts this program; it is one of its own, since its HTTP library is fetched and
// built for those alone who ask for it: swift build -c release --traits Serve

internal import Glibc

#if Serve
  internal import FlexVLM
  internal import FlexVLMServe
  internal import HummingbirdCore
  internal import Logging
  internal import NIOCore
  internal import NIOPosix
  internal import ServiceLifecycle
  internal import UnixSignals

  #if canImport(FoundationEssentials)
    internal import FoundationEssentials
  #else
  @main
  enum FlexVLMServeCommand {
    static func main() {
      note("flexvlm-serve was built without its HTTP library; build it with '--traits Serve'.")
      exit(69)
    }
  }
#endif

/// Says something on standard error.
func note(_ message: String) {
  let line = Array("flexvlm: \(message)\n".utf8)
  _ = unsafe write(STDERR_FILENO, line, line.count)
}
