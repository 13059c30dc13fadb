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
    internal import Foundation
  #endif

  @main
  enum FlexVLMServeCommand {
    /// Seconds without a byte of a request, or without one read of a response, before a connection is
    /// closed.
    private static let patience = 30
    private static let connections = 512

    static func main() async {
      guard isatty(STDIN_FILENO) == 0,
        let settings = try? JSONDecoder().decode(ServerSettings.self, from: standardInput())
      else {
        note("This program is started by 'flexvlm serve'.")
        exit(64)
      }
      do {
        try await serve(settings)
      } catch let error as WeightsError {
        note("\(error)")
        exit(65)
      } catch {
        note("Cannot serve at \(settings.host):\(settings.port): \(error)")
        exit(69)
      }
    }

    private static func standardInput() -> Data {
      var input = Data()
      var chunk = [UInt8](repeating: 0, count: 1 << 16)
      while true {
        let count = unsafe read(STDIN_FILENO, &chunk, chunk.count)
        if count < 0, errno == EINTR { continue }
        guard count > 0 else { return input }
        input += chunk[..<count]
      }
    }

    private static func serve(_ settings: ServerSettings) async throws {
      let responder = Responder(service: try service(settings), settings: settings)
      var logger = Logger(label: "flexvlm-serve")
      logger.logLevel = .critical
      let channel = HTTP1Channel(
        responder: { request, writer, _ in
          try await responder.respond(to: request, writer: writer)
        },
        configuration: .init(
          additionalChannelHandlers: [ConnectionGuard(patience: .seconds(Int64(patience)))],
          idleTimeout: .seconds(Int64(patience)),
          httpDecoderConfiguration: .init(
            maxHeaderFieldSize: 8 << 10, maxHeaderListSize: 16 << 10, maxHeaderFieldCount: 100)))
      let server = channel.server(
        configuration: ServerConfiguration(
          address: .hostname(settings.host, port: settings.port),
          availableConnectionsDelegate: MaximumAvailableConnections(connections)),
        onServerRunning: { channel in
          let port = channel.localAddress?.port ?? settings.port
          note("Serves at http://\(settings.host):\(port), API at /v1. Ctrl-C ends it.")
        },
        eventLoopGroup: MultiThreadedEventLoopGroup.singleton, logger: logger)
      var group = ServiceGroupConfiguration(
        services: [server], gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
      group.maximumGracefulShutdownDuration = .seconds(settings.timeout)
      try await ServiceGroup(configuration: group).run()
    }

    private static func service(_ settings: ServerSettings) throws -> ChatService {
      func model(threads: Int?) throws -> VisionLanguageModel {
        try VisionLanguageModel(
          contentsOfFile: settings.model, projector: settings.projector, threads: threads,
          precision: settings.precision, promptTemplate: settings.promptTemplate)
      }
      let whole = try model(threads: settings.threads)
      let workers =
        settings.workers ?? EvaluationRunner.suitableWorkers(for: whole, cores: whole.threads)
      return ChatService(
        model: workers == 1 ? whole : try model(threads: max(1, whole.threads / workers)),
        addresses: ImageAddress(
          mediaFolder: settings.mediaPath, limit: settings.bodyLimit << 20,
          fetch: settings.allowsRemoteImages ? RemoteImages.bytes : nil),
        workers: workers, waiting: settings.queue, imageMemory: settings.imageMemory << 20)
    }
  }
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
