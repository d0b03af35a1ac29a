import Contracts
import Foundation
import Postgres
import ServiceKit
import TestKit
import Testing

@testable import Alerts

extension AlertStage {
    /// Adds a channel as its owner does.
    func addChannel(_ caller: Caller, _ type: String, _ address: JSONText, _ more: JSONText = "{}") async throws -> TestResponse {
        var body = try more.object
        body["channel_type"] = type
        body["channel_name"] = "My \(type)"
        body["address"] = try address.object
        return try await service.request(
            .POST, "/v1/notification-channels", body: Array(JSONSerialization.data(withJSONObject: body)), as: caller,
            headers: ["Content-Type": "application/json"])
    }

    func channels(of caller: Caller) async throws -> [Channel] {
        try await service.get("/v1/notification-channels", as: caller).json(ChannelRoutes.Channels.self).items
    }

    func receipts(of notification: UUID, as caller: Caller) async throws -> [Delivery] {
        try await service.get("/v1/notifications/\(notification)/deliveries", as: caller).json(DeliveryRoutes.Deliveries.self).items
    }

    func verify(_ caller: Caller, _ channel: UUID, _ code: String) async throws -> TestResponse {
        try await service.post("/v1/notification-channels/\(channel)/verify", ["code": code], as: caller)
    }

    /// A channel that is there already, verified, for tests of what comes after.
    @discardableResult
    func givenChannel(
        _ caller: Caller, _ address: ChannelAddress, frequency: Frequency = .immediate, perHour: Int = 1000, perDay: Int = 1000,
        isPrimary: Bool = false, types: [NotificationType] = NotificationType.allCases
    ) async throws -> UUID {
        let id = UUID.v7()
        let sealed = try address.sealed(by: service.platform.encryption)
        try await transaction { tx in
            if isPrimary { try await tx.execute("UPDATE notification_channels SET is_primary = false WHERE user_id = \(caller.userID)") }
            try await tx.execute(
                """
                INSERT INTO notification_channels (id, user_id, channel_type, channel_name, destination, address_sealed, address_fingerprint, is_primary,
                    is_verified, verified_at, enabled_notification_types, frequency, rate_limit_per_hour, rate_limit_per_day)
                VALUES (\(id), \(caller.userID), \(address.type), 'given', \(address.shown), \(sealed),
                    \(try service.platform.encryption.fingerprint(address.identity, context: "test")), \(isPrimary), true, now(),
                    \(types.map(\.rawValue)), \(frequency), \(perHour)::integer, \(perDay)::integer)
                """)
        }
        return id
    }

    /// Somebody without the channel that registering gives.
    func registerWithout(_ caller: Caller) async throws {
        try await register(caller)
        try await transaction { tx in try await tx.execute("DELETE FROM notification_channels WHERE user_id = \(caller.userID)") }
    }

    /// Tells something at a time, as a match does.
    @discardableResult
    func tell(
        _ caller: Caller, _ title: String, type: NotificationType = .newListing, priority: Priority = .normal, expires: Date? = nil,
        at now: Date = Date()
    ) async throws
        -> Alerts.Notification?
    {
        var new = NewNotification(
            userID: caller.userID, subjectKey: "test:\(title)", type: type, title: title, message: "Berlin", data: [:],
            category: .searchResults)
        new.priority = priority
        new.expiresAt = expires
        let told = new
        return try await transaction { tx in
            _ = try await RecipientStore().lock(caller.userID, in: tx)
            guard let added = try await notifications.add(told, now: now, in: tx) else { return nil }
            try await deliveries.plan(added, DeliveryContent(added, locale: "de"), template: nil, now: now, in: tx)
            return added
        }
    }
}

extension DeliveryStore {
    /// So much of each kind of channel.
    func claim(_ limit: Int, lease: Duration, now: Date) async throws -> (claimed: [ClaimedDelivery], seen: Int) {
        try await claim(SendingRoom(ofEach: limit), lease: lease, now: now)
    }
}

/// A JSON object as a test writes it.
struct JSONText: ExpressibleByStringInterpolation, Sendable {
    let text: String
    init(stringLiteral value: String) { text = value }

    var object: [String: Any] {
        get throws { try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]) }
    }
}
