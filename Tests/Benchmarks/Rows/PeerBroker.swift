import BenchmarkPeers
import Foundation

/// The loops in C, each on a thread of its own.
struct PeerBroker {
    let url: URLComponents
    let exchange: String
    let key: String
    let queue: String

    init(_ url: URLComponents, exchange: String, key: String, queue: String) {
        self.url = url
        self.exchange = exchange
        self.key = key
        self.queue = queue
    }

    func declare() async throws { _ = try await run { Double(peer_declare($0)) } }

    func publish(_ count: Int, size: Int, window: Int) async throws -> Double {
        try await run { peer_publish($0, Int32(count), Int32(size), Int32(window)) }
    }

    func consume(_ count: Int, prefetch: Int) async throws -> Double {
        try await run { peer_consume($0, Int32(count), Int32(prefetch)) }
    }

    private func run(_ body: @escaping @Sendable (UnsafePointer<peer_broker>) -> Double) async throws -> Double {
        let texts = [url.host ?? "", url.user ?? "", url.password ?? "", String(url.path.dropFirst()), exchange, key, queue]
        let port = Int32(url.port ?? 5672)
        let result = await withCheckedContinuation { continuation in
            Thread.detachNewThread {
                let copies = texts.map { strdup($0) }
                defer { for copy in copies { free(copy) } }
                var broker = peer_broker(
                    host: copies[0], port: port, user: copies[1], password: copies[2], vhost: copies[3], exchange: copies[4], key: copies[5],
                    queue: copies[6])
                continuation.resume(returning: body(&broker))
            }
        }
        guard result >= 0 else { throw BenchmarkError("the C loop on librabbitmq failed; it says why above") }
        return result
    }
}
