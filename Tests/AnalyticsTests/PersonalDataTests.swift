import Foundation
import ServiceKit
import TestKit
import Testing

@testable import Analytics

@Suite struct PersonalDataTests {
    @Test func `Every column that names a person is declared, for exports and erasures`() async throws {
        try await expectDeclared(AnalyticsService.self) { platform in
            AnalyticsPersonalData(events: EventStore(postgres: platform.postgres), audit: AuditLogStore(postgres: platform.postgres))
        }
    }
}
