import HTTPTypes
import NIOCore
import NIOHTTPTypes

/// Ends what a client lets take too long: a header or a body that drips, an answer that nobody reads, a body that goes on after its refusal. Answers
/// that the server makes below the router, of what is no HTTP, become problems here.
///
/// It runs on the connection's event loop alone. No timer is started for a request that arrives in one piece.
final class ConnectionGuard: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    private let limits: ConnectionLimits
    /// Bytes have come that are no part of a request yet.
    private var hasUnread = false
    /// A request's header has come, its end has not.
    private var isReading = false
    private var bodyBegan = NIODeadline.distantPast
    private var bodyBytes = 0
    /// The refusal that takes the place of an answer that is none of the router's.
    private var refusal: (head: HTTPResponse, body: ByteBuffer)?
    private var error: (any Error)?
    private var arrival: Scheduled<Void>?
    private var stall: Scheduled<Void>?
    private var linger: Scheduled<Void>?

    init(_ limits: ConnectionLimits) { self.limits = limits }

    func handlerAdded(context: ChannelHandlerContext) {
        let arrivals = ArrivalHandler { [weak self] in self?.hasUnread = true }
        try? context.pipeline.syncOperations.addHandler(arrivals, position: .first)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        for timer in [arrival, stall, linger] { timer?.cancel() }
    }

    // MARK: - What the client sends

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        hasUnread = false
        switch unwrapInboundIn(data) {
        case .head:
            isReading = true
            bodyBegan = .now()
            bodyBytes = 0
            stopArrival()
        case .body(let bytes):
            bodyBytes += bytes.readableBytes
        case .end:
            isReading = false
            stopArrival()
            linger?.cancel()
            linger = nil
        }
        context.fireChannelRead(data)
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        if arrival == nil {
            if isReading {
                watchBody(context)
            } else if hasUnread {
                arrival = after(limits.header, context) { $0.refuseHeader($1) }
            }
        }
        context.fireChannelReadComplete()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // The first tells why; what comes after it is said of the bytes that follow.
        self.error = self.error ?? error
        context.fireErrorCaught(error)
    }

    private func watchBody(_ context: ChannelHandlerContext) {
        let deadline = bodyBegan + limits.deadline(after: bodyBytes)
        guard deadline <= .now() else {
            arrival = after(deadline - .now(), context) { $0.watchBody($1) }
            return
        }
        arrival = nil
        // Whoever reads the body gets this thrown; the answer is written, and the connection ends.
        context.fireErrorCaught(APIError.tooSlow)
        endSoon(context)
    }

    private func refuseHeader(_ context: ChannelHandlerContext) {
        let (head, body) = Self.problem(.tooSlow)
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.write(wrapOutboundOut(.body(body)), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        context.close(promise: nil)
    }

    private func stopArrival() {
        arrival?.cancel()
        arrival = nil
    }

    // MARK: - What the client is sent

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        switch unwrapOutboundIn(data) {
        case .head(let head) where head.headerFields[.requestID] == nil:
            // The router names the request in every answer: this one is the server's own.
            let replacement = Self.problem(.unreadable(error))
            refusal = replacement
            context.write(wrapOutboundOut(.head(replacement.head)), promise: promise)
        case .head(var head):
            if isReading, head.status == .contentTooLarge { head.headerFields[.connection] = "close" }
            context.write(wrapOutboundOut(.head(head)), promise: promise)
        case .body where refusal != nil:
            promise?.succeed()
        case .body:
            context.write(data, promise: promise)
        case .end:
            if let refusal { context.write(wrapOutboundOut(.body(refusal.body)), promise: nil) }
            refusal = nil
            context.write(data, promise: promise)
            if isReading { endSoon(context) }
        }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable {
            stall?.cancel()
            stall = nil
        } else if stall == nil {
            stall = after(limits.stall, context) { $1.close(promise: nil) }
        }
        context.fireChannelWritabilityChanged()
    }

    /// The answer is given and the body has not ended: what still comes is thrown away, for a while.
    private func endSoon(_ context: ChannelHandlerContext) {
        guard linger == nil else { return }
        linger = after(limits.linger, context) { $1.close(promise: nil) }
    }

    private func after(
        _ time: TimeAmount, _ context: ChannelHandlerContext, _ body: @escaping (ConnectionGuard, ChannelHandlerContext) -> Void
    ) -> Scheduled<Void> {
        context.eventLoop.assumeIsolated().scheduleTask(in: time) { body(self, context) }
    }

    private static func problem(_ error: APIError) -> (head: HTTPResponse, body: ByteBuffer) {
        let id = RequestID.new()
        let body = Problem.encoded(error, requestID: id)
        var headers = Problem.headers(error)
        headers[.requestID] = id
        headers[.connection] = "close"
        headers[.contentLength] = String(body.readableBytes)
        return (HTTPResponse(status: error.status, headerFields: headers), body)
    }
}
