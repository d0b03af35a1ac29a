import Foundation
import Postgres
import ServiceKit
import TestKit
import Testing

@testable import Alerts

@Suite struct RetentionTests {
    @Test func `What a person has read or what has expired goes after six months; what they have not read stays`() async throws {
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
            _ = try await postgres.transaction(as: ServiceCaller()) { tx in
                // Unread, and over: once long ago, once lately.
                for (number, over) in [(4, 190.0), (5, 30.0)] {
                    try await tx.execute(
                        """
                        INSERT INTO notifications (user_id, sequence, subject_key, type, title, message, expires_at)
                        VALUES (\(user), \(number), \("n\(number)"), 'reminder', 'T', 'M', \(now.addingTimeInterval(-over * day)))
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
            #expect(try await left(0) == ["n1", "n2", "n3", "n5"])
            #expect(try await left(20) == ["n1", "n3", "n5"])
            #expect(try await left(400) == ["n1"])
        }
    }

    @Test func `Deliveries and text messages go three months after they are over, with what they said and their receipts; what waits stays`()
        async throws
    {
        try await TestService.with(AlertsService.self) { service in
            let postgres = service.platform.postgres
            let (user, now) = (UUID.v7(), Date())
            try await postgres.transaction(as: ServiceCaller()) { tx in
                try await tx.execute("INSERT INTO recipients (user_id, version) VALUES (\(user), 1)")
                for (name, age, status) in [
                    ("old sent", 100.0, "sent"), ("old failed", 100, "failed"), ("old lead's", 100, "handed_over"), ("old held", 100, "held"),
                    ("new sent", 80, "sent"),
                ] {
                    let (written, isLeads) = (now.addingTimeInterval(-age * 86_400), name.contains("lead"))
                    let id = UUID.v7(at: written)
                    try await tx.execute(
                        """
                        INSERT INTO notification_queue (id, user_id, lead_id, channel, notification_type, status, hold_reason, scheduled_at, updated_at,
                            delivery_key)
                        VALUES (\(id), \(isLeads ? nil : user), \(isLeads ? user : nil), 'email', 'new_listing', \(status),
                            \(status == "held" ? "retry" : nil), \(now.addingTimeInterval(86_400 * 1000)), \(written), \(name))
                        """)
                    try await tx.execute(
                        """
                        INSERT INTO delivery_attempts (delivery_id, number, channel, outcome, ended_at) VALUES (\(id), 1, 'email', 'taken', now())
                        """)
                }
                for (age, status) in [(100.0, "sent"), (100, "failed"), (100, "queued"), (80, "sent")] {
                    try await tx.execute(
                        """
                        INSERT INTO sms_queue (id, user_id, kind, locale, status, failure_reason, sent_at, sealed_to, due_at, expires_at, created_at)
                        VALUES (\(UUID.v7()), \(user), 'security_code', 'de', \(status), \(status == "failed" ? "rejected" : nil),
                            \(status == "sent" ? now : nil), \(status == "queued" ? Data([1]) : nil), 'infinity', now(),
                            \(now.addingTimeInterval(-age * 86_400)))
                        """)
                }
            }
            func left(_ days: Double) async throws -> [[String]] {
                let retention = Retention(
                    AlertsRetention.rules, postgres: postgres, logger: TestDatabase.logger, now: { now.addingTimeInterval(days * 86_400) },
                    sleep: { _ in })
                try await retention.keep()
                return try await postgres.transaction(as: ServiceCaller()) { tx in
                    [
                        try await tx.rows("SELECT delivery_key FROM notification_queue ORDER BY id").map { try $0["delivery_key"] },
                        try await tx.rows("SELECT status FROM sms_queue ORDER BY id").map { try $0["status"] },
                        try await tx.rows("SELECT outcome FROM delivery_attempts").map { try $0["outcome"] },
                    ]
                }
            }
            #expect(try await left(0) == [["old held", "new sent"], ["queued", "sent"], ["taken", "taken"]])
            #expect(try await left(20) == [["old held"], ["queued"], ["taken"]])
        }
    }

    private struct Key: RowDecodable {
        var value: String
        init(row: Row) throws { value = try row["subject_key"] }
    }
}
