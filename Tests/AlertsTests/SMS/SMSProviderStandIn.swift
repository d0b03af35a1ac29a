import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import Synchronization

/// A provider of text messages on a free port: takes one POST a message and answers what the test says.
final class SMSProviderStandIn: Sendable {
    struct Taken: Sendable {
        var body: String
        var authorization: String?
        var contentType: String?
        var idempotencyKey: String?
    }

    private let taken = Mutex<[Taken]>([])
    private let answers: Mutex<[Int]>

    /// The answers in turn; the last one again and again.
    private init(answering answers: [Int]) { self.answers = Mutex(answers) }

    var messages: [Taken] { taken.withLock { $0 } }

    static func serve(
        answering answers: [Int] = [201], _ body: @escaping @Sendable (_ url: String, SMSProviderStandIn) async throws -> Void
    ) async throws {
        let provider = SMSProviderStandIn(answering: answers)
        let router = Router(context: BasicRequestContext.self)
        router.post("/messages") { request, _ in try await provider.take(request) }
        let (ports, found) = AsyncStream<Int>.makeStream()
        let app = Application(
            router: router, configuration: .init(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: { channel in found.yield(channel.localAddress?.port ?? 0) },
            logger: Logger(label: "provider") { _ in SwiftLogNoOpLogHandler() })
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await app.run() }
            for await port in ports {
                try await body("http://127.0.0.1:\(port)/messages", provider)
                break
            }
            group.cancelAll()
        }
    }

    private func take(_ request: Request) async throws -> Response {
        let body = try await request.body.collect(upTo: 10_000)
        let message = Taken(
            body: String(buffer: body), authorization: request.headers[.authorization], contentType: request.headers[.contentType],
            idempotencyKey: HTTPField.Name("Idempotency-Key").flatMap { request.headers[$0] })
        taken.withLock { $0.append(message) }
        let status = answers.withLock { $0.count > 1 ? $0.removeFirst() : $0[0] }
        return Response(status: .init(code: status), body: ResponseBody(byteBuffer: ByteBuffer(string: #"{"id":"m-1"}"#)))
    }
}
