import Foundation
import NIOHTTP1
import Outbound
import ServiceKit

/// Posts events to the servers of people, signed (Standard Webhooks 1.0).
struct WebhookSender: Sendable {
    let client: GuardedClient

    func send(_ delivery: ClaimedDelivery, to url: String, secret: String, now: Date = Date()) async throws -> SendOutcome {
        guard let url = URL(string: url), let secret = WebhookSecret(secret) else { return .rejected("the webhook cannot be read", isGone: true) }
        let id = "msg_" + delivery.reference
        let body = Array(try JSONEncoder.hearth.encode(event(delivery, now: now)))
        let timestamp = Int(now.timeIntervalSince1970)
        let headers: HTTPHeaders = [
            "Content-Type": "application/json", "User-Agent": "Hearth-Webhooks/1.0", "webhook-id": id, "webhook-timestamp": String(timestamp),
            "webhook-signature": secret.signature(id: id, timestamp: timestamp, body: body),
        ]
        return SendOutcome(try await client.post(url, headers: headers, body: body), isThere: true, gone: [410])
    }

    private func event(_ delivery: ClaimedDelivery, now: Date) -> Event {
        if let code = delivery.secret?.code {
            return Event(type: "channel.verification", timestamp: now, data: .init(deliveryID: delivery.id, code: code))
        }
        return Event(
            type: delivery.isDigest ? "notification.digest" : "notification.created", timestamp: now,
            data: .init(deliveryID: delivery.id, count: delivery.content.count, notifications: delivery.content.items))
    }

    private struct Event: Encodable {
        struct Body: Encodable {
            var deliveryID: UUID
            var code: String?
            var count: Int?
            var notifications: [DeliveryContent.Item]?

            enum CodingKeys: String, CodingKey {
                case deliveryID = "delivery_id"
                case code, count, notifications
            }
        }

        var type: String
        var timestamp: Date
        var data: Body
    }
}
