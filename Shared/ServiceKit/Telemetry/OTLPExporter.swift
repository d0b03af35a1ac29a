import AsyncHTTPClient
import Foundation
import Logging
import Metrics
import NIOCore
import ServiceLifecycle
import Synchronization

/// Sends finished spans to `<endpoint>/v1/traces` as OTLP/HTTP JSON: in batches, from a bounded queue. When the collector is slow or away, the
/// newest spans are dropped and counted (`otlp_spans_dropped_total`): tracing never holds up the work. At the stop what is left is sent.
final class OTLPExporter: Service {
    private static let batch = 512
    private static let capacity = 8192
    private static let interval = Duration.seconds(2)

    private let endpoint: String
    private let service: String
    private let client: HTTPClient
    private let logger: Logger
    private let queue = Mutex<[FinishedSpan]>([])
    private let dropped = Counter(label: "otlp_spans_dropped")
    private let sent = Counter(label: "otlp_spans_sent")
    private let wakeups: AsyncStream<Void>
    private let waker: AsyncStream<Void>.Continuation

    init(endpoint: String, service: String, client: HTTPClient = .shared, logger: Logger) {
        self.endpoint = (endpoint.hasSuffix("/") ? String(endpoint.dropLast()) : endpoint) + "/v1/traces"
        self.service = service
        self.client = client
        self.logger = logger
        (wakeups, waker) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    func add(_ span: FinishedSpan) {
        let count = queue.withLock { queue -> Int? in
            guard queue.count < Self.capacity else { return nil }
            queue.append(span)
            return queue.count
        }
        guard let count else { return dropped.increment() }
        if count == Self.batch { wake() }
    }

    func wake() { waker.yield() }

    func run() async throws {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { [waker] in
                while !Task.isCancelled, !Task.isShuttingDownGracefully {
                    try? await cancelWhenGracefulShutdown { try await Task.sleep(for: Self.interval) }
                    waker.yield()
                }
                waker.finish()
            }
            for await _ in wakeups { await flush() }
            await flush()
        }
    }

    private func flush() async {
        while true {
            let spans = queue.withLock { queue in
                let spans = Array(queue.prefix(Self.batch))
                queue.removeFirst(spans.count)
                return spans
            }
            if spans.isEmpty { return }
            do {
                try await send(spans)
                sent.increment(by: spans.count)
            } catch {
                dropped.increment(by: spans.count)
                logger.debug("Traces could not be sent", metadata: ["endpoint": "\(endpoint)", "error": "\(error)"])
                return
            }
        }
    }

    private func send(_ spans: [FinishedSpan]) async throws {
        var request = HTTPClientRequest(url: endpoint)
        request.method = .POST
        request.headers.add(name: "Content-Type", value: "application/json")
        request.body = .bytes(ByteBuffer(bytes: try JSONEncoder().encode(OTLPPayload(service: service, spans: spans))))
        let response = try await client.execute(request, timeout: .seconds(5))
        guard (200..<300).contains(response.status.code) else { throw OTLPRefusal(status: Int(response.status.code)) }
    }
}

/// The collector did not take a batch.
struct OTLPRefusal: Error {
    var status: Int
}
