import Foundation
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import Synchronization

/// Everybody whom messages reach, on a free port: Discord, Telegram, a push service, a webhook and a provider of text messages, each with its own protocol,
/// and each taking a message that it has taken already without showing it again, where its protocol has that.
package final class OutsideWorld: Sendable {
    package struct Taken: Sendable {
        package var path: String
        package var headers: HTTPFields
        package var body: Data
        /// What its protocol tells repeats by; nil where it cannot.
        package var identity: String?

        package var json: [String: Any] { (try? JSONSerialization.jsonObject(with: body) as? [String: Any]) ?? [:] }
    }

    private struct State {
        package var requests: [Taken] = []
        var shown: [Taken] = []
        var answers: [Int] = []
        var patience = Duration.zero
    }

    private let state = Mutex(State())
    package let port: Int

    private init(port: Int) { self.port = port }

    package var url: String { "http://127.0.0.1:\(port)" }
    /// Every request, repeats too.
    package var requests: [Taken] { state.withLock { $0.requests } }
    /// What the people see.
    package var shown: [Taken] { state.withLock { $0.shown } }

    package func shown(at path: String) -> [Taken] { shown.filter { $0.path.hasPrefix(path) } }

    /// The next answers; 200 when they are used up.
    package func answer(_ statuses: [Int]) { state.withLock { $0.answers = statuses } }

    /// How long it has a message before it says so.
    package func answer(after pause: Duration) { state.withLock { $0.patience = pause } }

    /// The service's settings by which it knows this world.
    package var settings: [String: String] {
        [
            "ALERTS_ALLOWED_HOSTS": "127.0.0.1:\(port)", "DISCORD_API_URL": url + "/discord", "TELEGRAM_API_URL": url + "/telegram",
            "TELEGRAM_BOT_TOKEN": "123456:operators-bot-token-of-telegram", "SMS_PROVIDER_URL": url + "/sms",
            "VAPID_PRIVATE_KEY": "y5yMlpO8LjZ1cMTOJT2EXGhFMpoxXxqmOMmC7Rh6zB4", "VAPID_SUBJECT": "mailto:push@hearth.test",
        ]
    }

    package static func serve<Value: Sendable>(
        port: Int = 0, _ body: @escaping @Sendable (OutsideWorld) async throws -> Value
    ) async throws -> Value {
        let holder = Mutex<OutsideWorld?>(nil)
        let router = Router(context: BasicRequestContext.self)
        router.post("**") { request, _ in try await holder.withLock { $0 }?.take(request) ?? Response(status: .serviceUnavailable) }
        let (ports, found) = AsyncStream<Int>.makeStream()
        let app = Application(
            router: router, configuration: .init(address: .hostname("127.0.0.1", port: port)),
            onServerRunning: { channel in found.yield(channel.localAddress?.port ?? 0) },
            logger: Logger(label: "outside") { _ in SwiftLogNoOpLogHandler() })
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await app.run() }
            defer { group.cancelAll() }
            for await port in ports {
                let world = OutsideWorld(port: port)
                holder.withLock { $0 = world }
                return try await body(world)
            }
            throw CancellationError()
        }
    }

    private func take(_ request: Request) async throws -> Response {
        let body = try await request.body.collect(upTo: 100_000)
        var taken = Taken(path: request.uri.path, headers: request.headers, body: Data(body.readableBytesView), identity: nil)
        taken.identity = Self.identity(taken)
        let (status, patience) = state.withLock { state in
            state.requests.append(taken)
            let status = state.answers.isEmpty ? 200 : state.answers.removeFirst()
            let isRepeat = taken.identity != nil && state.shown.contains { $0.path == taken.path && $0.identity == taken.identity }
            if (200..<300).contains(status), !isRepeat { state.shown.append(taken) }
            return (status, state.patience)
        }
        try await Task.sleep(for: patience)
        return Response(status: .init(code: status), body: ResponseBody(byteBuffer: ByteBuffer(string: #"{"ok":true}"#)))
    }

    private static func identity(_ taken: Taken) -> String? {
        func header(_ name: String) -> String? { HTTPField.Name(name).flatMap { taken.headers[$0] } }
        return switch taken.path.split(separator: "/").first {
        case "discord": taken.json["nonce"] as? String
        case "push": header("Topic")
        case "sms": header("Idempotency-Key")
        case "webhook": header("webhook-id")
        default: nil
        }
    }
}
