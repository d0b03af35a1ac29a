import Contracts
import Foundation
import Messaging
import Postgres
import ServiceKit
import TestKit
import Testing

@testable import Analytics

/// The service, with short ways to make it hear and to look into its tables.
struct AnalyticsStage: Sendable {
    let service: TestService

    static func with(_ body: @Sendable @escaping (AnalyticsStage) async throws -> Void) async throws {
        try await TestService.with(AnalyticsService.self) { service in try await body(AnalyticsStage(service: service)) }
    }

    func transaction<Result: Sendable>(_ body: (Transaction) async throws -> Result) async throws -> Result {
        try await service.platform.postgres.transaction(as: ServiceCaller(), body)
    }

    func count(_ sql: SQL) async throws -> Int { try await transaction { try await $0.value(sql) ?? 0 } }

    /// Waits until so many messages have had their effect.
    func heard(_ count: Int) async throws { try await eventually { try await self.count("SELECT count(*) FROM inbox") == count } }

    func events(_ query: String = "", as caller: Caller) async throws -> Page<UserEvent> {
        try await service.get("/v1/analytics/events?" + query, as: caller).json()
    }

    func audit(_ query: String = "", as caller: Caller) async throws -> Page<AuditLog> {
        try await service.get("/v1/audit-logs?" + query, as: caller).json()
    }
}

extension UserSnapshot {
    static func sample(_ id: UUID) -> UserSnapshot {
        UserSnapshot(
            id: id, email: "kaethe@hearth.test", fullName: "Käthe Beispiel", firstName: "Käthe", lastName: "Beispiel", locale: "de-DE",
            timezone: "Europe/Berlin", role: "user", userType: "person", status: "active", emailVerified: true, version: 1)
    }
}
