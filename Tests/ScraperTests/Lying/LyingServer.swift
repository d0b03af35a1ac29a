import NIOCore
import NIOPosix
import Synchronization

/// A web server that does not keep to the protocol: it answers each path with the very bytes it is told, at the pace it is told, or without end.
final class LyingServer: Sendable {
    enum Step: Sendable {
        case send(ByteBuffer)
        case wait(TimeAmount)
        /// The same bytes again and again, as fast as the other side takes them, until it goes away.
        case forever(ByteBuffer, every: TimeAmount = .zero)
        case close

        static func say(_ text: String) -> Step { .send(ByteBuffer(string: text)) }
    }

    typealias Script = @Sendable (_ path: String) -> [Step]

    private let channel: any Channel
    private let asked: Log

    private init(_ channel: any Channel, _ asked: Log) {
        self.channel = channel
        self.asked = asked
    }

    var port: Int { channel.localAddress?.port ?? 0 }
    func count(_ path: String) -> Int { asked.paths.withLock { $0.count { $0 == path } } }

    final class Log: Sendable {
        let paths = Mutex<[String]>([])
    }

    static func serve<Result: Sendable>(_ script: @escaping Script, _ body: (LyingServer) async throws -> Result) async throws -> Result {
        let log = Log()
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(ChannelOptions.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(Conversation(script, log)) }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        do {
            let result = try await body(LyingServer(channel, log))
            try await channel.close()
            return result
        } catch {
            try? await channel.close()
            throw error
        }
    }

    /// One connection: a request's head, then the script.
    private final class Conversation: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer

        private let script: Script
        private let log: Log
        private var head = ""

        init(_ script: @escaping Script, _ log: Log) {
            self.script = script
            self.log = log
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            head += String(buffer: unwrapInboundIn(data))
            guard head.contains("\r\n\r\n") else { return }
            let path = String(head.split(separator: " ").dropFirst().first ?? "/")
            head = ""
            log.paths.withLock { $0.append(path) }
            run(script(path)[...], context.channel)
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

        private func run(_ steps: ArraySlice<Step>, _ channel: any Channel) {
            guard let step = steps.first else { return }
            let rest = steps.dropFirst()
            let loop = NIOLoopBound(self, eventLoop: channel.eventLoop)
            switch step {
            case .send(let bytes):
                channel.writeAndFlush(bytes).whenSuccess { loop.value.run(rest, channel) }
            case .wait(let time):
                channel.eventLoop.scheduleTask(in: time) { loop.value.run(rest, channel) }
            case .forever(let bytes, let pause):
                channel.writeAndFlush(bytes).whenSuccess {
                    channel.eventLoop.scheduleTask(in: pause) { loop.value.run([step], channel) }
                }
            case .close:
                channel.close(promise: nil)
            }
        }
    }
}
