import Foundation
import NIOHTTP1
import Outbound
import ServiceKit

/// Hands messages to the push services of browsers (RFC 8030).
struct PushSender: Sendable {
    /// How long a push service keeps a message for a browser that is away, in seconds.
    private static let timeToLive = 86_400.0

    let client: GuardedClient
    let vapid: VAPIDKey

    func send(_ delivery: ClaimedDelivery, to subscription: PushSubscription, now: Date = Date()) async throws -> SendOutcome {
        guard let endpoint = URL(string: subscription.endpoint), let key = subscription.publicKey, let secret = subscription.secret else {
            return .rejected("the subscription cannot be read", isGone: true)
        }
        let body = try WebPushEncryption.seal(try message(delivery), for: key, authSecret: secret)
        let life = min(Self.timeToLive, delivery.expiresAt?.timeIntervalSince(now) ?? Self.timeToLive)
        let headers: HTTPHeaders = [
            "Authorization": try vapid.authorization(for: endpoint, now: now), "Content-Encoding": "aes128gcm",
            "Content-Type": "application/octet-stream", "TTL": String(Int(max(0, life))), "Urgency": urgency(delivery.priority),
            // Of two with one topic a push service keeps the later: what is handed over twice is shown once.
            "Topic": delivery.reference.replacing("-", with: ""),
        ]
        let answer = try await client.post(endpoint, headers: headers, body: Array(body))
        return SendOutcome(answer, isThere: false, gone: [404, 410])
    }

    private func message(_ delivery: ClaimedDelivery) throws -> [UInt8] {
        let (title, text) = MessageText.of(delivery, limit: 2000)
        let single = delivery.isDigest ? nil : delivery.content.items.first
        let message = Message(
            id: delivery.reference, type: delivery.notificationType, title: title.limited(toUTF8: 500), body: text,
            url: single?.url.flatMap { $0.utf8.count <= 1000 ? $0 : nil })
        return Array(try JSONEncoder.hearth.encode(message))
    }

    private func urgency(_ priority: Priority) -> String {
        switch priority {
        case .low: "low"
        case .normal: "normal"
        case .high, .urgent: "high"
        }
    }

    /// What a service worker is given. `id` is the same however often it comes: the tag of what is shown.
    private struct Message: Encodable {
        var id: String
        var type: String
        var title: String
        var body: String
        var url: String?
    }
}
