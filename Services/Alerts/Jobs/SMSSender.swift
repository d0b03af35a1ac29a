import Foundation
import Logging
import Postgres
import ServiceKit
import ServiceLifecycle

/// Hands due text messages to the provider. Any number of copies may run: each leases its own. A message whose sender was killed goes out again when its
/// lease is over, under the same Idempotency-Key.
struct SMSSender: Service {
    static let mostAttempts = 5
    private static let batch = 8
    /// Longer than a batch takes when the provider is slow.
    private static let lease = Duration.seconds(180)
    private static let poll = Duration.seconds(5)

    let queue: SMSStore
    let provider: SMSProvider
    let encryption: Encryption
    let logger: Logger

    func run() async throws {
        while !Task.isCancelled, !Task.isShuttingDownGracefully {
            let calls = queue.postgres.signals(SMSStore.signal)
            var found = 0
            do {
                let due = try await queue.claim(Self.batch, lease: Self.lease)
                found = due.count
                for sms in due { try await deliver(sms) }
            } catch {
                logger.warning("Text messages could not be sent", metadata: ["error": "\(error)"])
                found = 0
            }
            if found == 0 { await pause(orUntil: calls) }
        }
    }

    private func deliver(_ sms: QueuedSMS) async throws {
        if sms.isExpired { return try await queue.failed(sms, .expired, reply: nil) }
        guard let (number, text) = message(sms) else { return try await queue.failed(sms, .unreadable, reply: nil) }
        switch await provider.send(sms.id, to: number, text: text) {
        case .taken(let reply): try await queue.sent(sms, reply: reply)
        case .rejected(let reply): try await queue.failed(sms, .rejected, reply: reply)
        case .deferred(let reply) where sms.attempts >= Self.mostAttempts: try await queue.failed(sms, .retriesExhausted, reply: reply)
        case .deferred(let reply): try await queue.retry(sms, after: .seconds(2 << min(sms.attempts, 5)), reply: reply)
        }
    }

    private func message(_ sms: QueuedSMS) -> (number: String, text: String)? {
        let values = sms.sealedData.reduce(into: [String: String]()) { values, sealed in
            guard let bytes = Data(base64Encoded: sealed.value) else { return }
            values[sealed.key] = try? encryption.openString(Array(bytes), context: "alerts.sms.\(sealed.key)")
        }
        guard let number = try? encryption.openString(Array(sms.sealedTo), context: "alerts.sms.to"),
            let text = SMSText.text(sms.kind, locale: sms.locale, values)
        else { return nil }
        return (number, text)
    }

    /// Ends early when a message is put into the queue, or the service is to stop.
    private func pause(orUntil calls: AsyncStream<Void>) async {
        await cancelWhenGracefulShutdown {
            await withTaskGroup(of: Void.self) { group in
                group.addTask { try? await Task.sleep(for: Self.poll) }
                group.addTask { for await _ in calls { return } }
                await group.next()
                group.cancelAll()
            }
        }
    }
}
