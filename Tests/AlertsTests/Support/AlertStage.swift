import Contracts
import Foundation
import Messaging
import Postgres
import ServiceKit
import TestKit
import Testing

@testable import Alerts

/// The service, with short ways to make people and matches.
struct AlertStage: Sendable {
    let service: TestService

    static func with(settings: [String: String] = [:], _ body: @Sendable @escaping (AlertStage) async throws -> Void) async throws {
        try await TestService.with(AlertsService.self, settings: settings) { service in try await body(AlertStage(service: service)) }
    }

    /// Makes a person known, as their registration does.
    func register(_ caller: Caller, locale: String = "de-DE", email: String? = nil, verified: Bool = true, version: Int64 = 1) async throws {
        let user = UserSnapshot.sample(caller.userID, locale: locale, email: email, verified: verified, version: version)
        try await transaction { tx in try await RecipientStore().take(user, in: tx) }
    }

    /// Puts a notification into somebody's inbox and tells every copy of it, as a match does.
    @discardableResult
    func notify(_ caller: Caller, _ title: String) async throws -> Alerts.Notification? {
        let match = ListingMatched.sample(for: caller.userID) { $0.title = title }
        return try await transaction { [service] tx in
            try await NotificationStore(postgres: service.platform.postgres).add(NewNotification(match, locale: "de"), in: tx)
        }
    }

    @discardableResult
    func transaction<Result: Sendable>(_ body: (Transaction) async throws -> Result) async throws -> Result {
        try await service.platform.postgres.transaction(as: ServiceCaller(), body)
    }

    func count(_ sql: SQL) async throws -> Int { try await transaction { try await $0.value(sql) ?? 0 } }

    func inbox(_ caller: Caller, _ query: String = "") async throws -> Page<Alerts.Notification> {
        try await service.get("/v1/notifications?" + query, as: caller).json()
    }

    /// Stores as the service has them.
    var deliveries: DeliveryStore {
        DeliveryStore(postgres: service.platform.postgres, encryption: service.platform.encryption, publicURL: "http://hearth.test")
    }

    var channels: ChannelStore {
        ChannelStore(postgres: service.platform.postgres, encryption: service.platform.encryption, deliveries: deliveries)
    }

    var notifications: NotificationStore { NotificationStore(postgres: service.platform.postgres) }

    /// The mails that are asked for. They wait in the outbox, as nobody takes them here.
    func mails() async throws -> [SendEmail] {
        struct Envelope: Decodable { var data: SendEmail }
        let bodies = try await transaction { tx in
            try await tx.rows("SELECT body FROM outbox WHERE type = \(SendEmail.name) ORDER BY id").map { try $0["body"] as String }
        }
        return try bodies.map { try JSONDecoder.hearth.decode(Envelope.self, from: Data($0.utf8)).data }
    }
}

extension UserSnapshot {
    static func sample(
        _ id: UUID, locale: String = "de-DE", email: String? = nil, verified: Bool = true, version: Int64 = 1
    ) -> UserSnapshot {
        UserSnapshot(
            id: id, email: email ?? "\(id.uuidString.lowercased())@hearth.test", fullName: "Käthe Beispiel", firstName: "Käthe",
            lastName: "Beispiel", locale: locale, timezone: "Europe/Berlin", role: "user", userType: "person", status: "active",
            emailVerified: verified, version: version)
    }
}

extension ListingSnapshot {
    static func sample(_ change: (inout ListingSnapshot) -> Void = { _ in }) -> ListingSnapshot {
        var listing = ListingSnapshot(
            id: .v7(), provider: "wg_gesucht", providerListingID: "1", providerURL: "https://homes.test/1", title: "Helle Wohnung",
            propertyType: "apartment", street: "Hauptstraße", houseNumber: "12", postalCode: "10827", city: "Berlin", district: "Kreuzberg",
            rentNetto: 1890.5, rentBrutto: 2100, currency: "EUR", rooms: 2.5, livingArea: 64, availableFrom: nil, imageURL: nil, version: 1)
        change(&listing)
        return listing
    }
}

extension ListingMatched {
    static func sample(for user: UUID, search: String = "Berlin", _ change: (inout ListingSnapshot) -> Void = { _ in }) -> ListingMatched {
        ListingMatched(
            listing: .sample(change), searchID: .v7(), searchName: search, userID: user, relevanceScore: 0.85,
            shares: ["city": 0.4, "type": 0.2, "rent": 0.25])
    }
}
