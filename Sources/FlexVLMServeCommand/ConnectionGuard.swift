#if Serve
  internal import FlexVLMServe
  internal import HTTPTypes
  internal import NIOCore
  internal import NIOHTTP1
  internal import NIOHTTPTypes

  /// Answers what is no HTTP with an error object, and closes connections whose client does not read.
  final class ConnectionGuard: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    private let patience: TimeAmount
    private var isAnswering = false
    private var reading: Scheduled<Void>?

    /// - Parameter patience: how long a client may leave what it was sent unread.
    init(patience: TimeAmount) { self.patience = patience }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
      switch unwrapOutboundIn(data) {
      case .head: isAnswering = true
      case .body: break
      case .end: isAnswering = false
      }
      context.write(data, promise: promise)
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
      reading?.cancel()
      reading = nil
      if !context.channel.isWritable {
        let channel = context.channel
        reading = context.eventLoop.scheduleTask(in: patience) {
          channel.close(mode: .all, promise: nil)
        }
      }
      context.fireChannelWritabilityChanged()
    }

    func channelInactive(context: ChannelHandlerContext) {
      reading?.cancel()
      context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
      guard error is HTTPParserError, !isAnswering else {
        context.fireErrorCaught(error)
        context.close(promise: nil)
        return
      }
      let isTooLong = error as? HTTPParserError == .headerOverflow
      let response = Reply(
        isTooLong
          ? APIError(431, "The header is too long.", code: "header_too_large")
          : APIError(400, "The request is not HTTP/1.1.", code: "invalid_http"))
      for part in [.head(response.head(origin: nil)), .body(response.buffer), .end(nil)]
        as [HTTPResponsePart]
      {
        context.write(wrapOutboundOut(part), promise: nil)
      }
      context.flush()
      context.close(mode: .output, promise: nil)
    }
  }
#endif
