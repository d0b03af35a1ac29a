import Foundation
import Postgres
import ServiceKit
import TestKit
import Testing

@testable import Alerts

@Suite struct RetentionTests {
    @Test func `What a person has read goes after six months; what they have not read stays`() async throws {
        try await TestService.with(AlertsService.self) { service in
            let postgres = service.platform.postgres
            let (user, now) = (UUID.v7(), Date())
            let day = 86_400.0
            _ = try await postgres.transaction(as: ServiceCaller()) { tx in
                try await tx.execute("INSERT INTO recipients (user_id, version) VALUES (\(user), 1)")
                for (number, (age, isRead)) in [(190.0, true), (190, false), (170, true), (1, true)].enumerated() {
                    let written = now.addingTimeInterval(-age * day)
                    try await tx.execute(
                        """
                        INSERT INTO notifications (id, user_id, sequence, subject_key, type, title, message, is_read, read_at, created_at)
                        VALUES (\(UUID.v7(at: written)), \(user), \(number), \("n\(number)"), 'reminder', 'T', 'M', \(isRead),
                            CASE WHEN \(isRead) THEN \(written)::timestamptz END, \(written))
                        """)
                }
            }
            func left(_ later: Double) async throws -> [String] {
                let retention = Retention(
                    AlertsRetention.rules, postgres: postgres, logger: TestDatabase.logger, now: { now.addingTimeInterval(later * day) },
                    sleep: { _ in })
                try await retention.keep()
                return try await postgres.all(as: ServiceCaller(), "SELECT subject_key FROM notifications ORDER BY sequence").map { (key: Key) in
                    key.value
                }
            }
            #expect(try await left(0) == ["n1", "n2", "n3"])
            #expect(try await left(20) == ["n1", "n3"])
            #expect(try await left(400) == ["n1"])
        }
    }

    private struct Key: RowDecodable {
        var value: String
        init(row: Row) throws { value = try row["subject_key"] }
    }
}
