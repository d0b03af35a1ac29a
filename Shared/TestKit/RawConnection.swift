import Foundation
import NIOCore
import NIOPosix
import Synchronization

/// A connection on which a test says what no client library would, and keeps what comes back.
public final class RawConnection: Sendable {
    private final class Received: ChannelInboundHandler, Sendable {
        typealias InboundIn = ByteBuffer
        let bytes = Mutex<[UInt8]>([])
        let isClosed = Atomic(false)

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            let buffer = unwrapInboundIn(data)
            bytes.withLock { $0 += buffer.readableBytesView }
        }
        func channelInactive(context: ChannelHandlerContext) { isClosed.store(true, ordering: .releasing) }
        func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
    }

    private let channel: any Channel
    private let received: Received

    private init(_ channel: any Channel, _ received: Received) {
        self.channel = channel
        self.received = received
    }

    /// - Parameter reading: false for a client that takes nothing of what it is sent.
    public static func open(_ url: String, reading: Bool = true) async throws -> RawConnection {
        guard let parts = URLComponents(string: url), let host = parts.host, let port = parts.port else { throw URLError(.badURL) }
        let received = Received()
        var bootstrap = ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .connectTimeout(.seconds(10))
            .channelOption(.autoRead, value: reading)
            .channelInitializer { channel in channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(received) } }
        if !reading { bootstrap = bootstrap.channelOption(.socketOption(.so_rcvbuf), value: 4096) }
        return RawConnection(try await bootstrap.connect(host: host, port: port).get(), received)
    }

    public var isClosed: Bool { received.isClosed.load(ordering: .acquiring) }
    public var text: String { received.bytes.withLock { String(decoding: $0, as: UTF8.self) } }
    /// The status of the first answer, once its first line is there.
    public var status: Int? { text.firstMatch(of: /^HTTP\/1\.1 ([0-9]{3})/).flatMap { Int($0.1) } }

    public func send(_ text: String) async throws { try await send(Array(text.utf8)) }
    public func send(_ bytes: [UInt8]) async throws { try await channel.writeAndFlush(ByteBuffer(bytes: bytes)) }

    /// Begins to take what has been sent.
    public func startReading() async throws { try await channel.setOption(.autoRead, value: true).get() }

    public func close() async { try? await channel.close() }
}
