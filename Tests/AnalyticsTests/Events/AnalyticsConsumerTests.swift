import Contracts
import Foundation
import Messaging
import Postgres
import ServiceKit
import TestKit
import Testing

@testable import Analytics

@Suite("What analytics hears")
struct AnalyticsConsumerTests {
    @Test("is one row and counted once, though delivered twice, and keeps nothing that reaches a person")
    func onceWithoutNames() async throws {
        try await AnalyticsStage.with { stage in
            let user = UUID.v7()
            let (id, time) = (UUID.v7(), Date())
            try await stage.service.speaking(as: .auth) { auth in
                for _ in 1...2 { try await auth.say(UserRegistered(user: .sample(user)), id: id, at: time) }
                try await auth.say(SessionStarted(sessionID: .v7(), userID: user))
            }
            try await stage.heard(2)
            // Not even when the inbox has forgotten it.
            _ = try await stage.transaction { try await $0.execute("DELETE FROM inbox WHERE message_id = \(id)") }
            try await stage.service.speaking(as: .auth) { try await $0.say(UserRegistered(user: .sample(user)), id: id, at: time) }
            try await stage.heard(2)
            #expect(try await stage.count("SELECT count(*) FROM user_events") == 2)
            #expect(try await stage.count("SELECT sum(events)::bigint FROM event_counts WHERE event_type = 'auth.user.registered.v1'") == 1)
            #expect(try await stage.count("SELECT count(*) FROM audit_logs WHERE action = 'registered'") == 1)
            for log in ["user_events", "audit_logs"] {
                let named = try await stage.count(
                    "SELECT count(*) FROM \(identifier: log) AS log WHERE log::text ILIKE '%k_the%' OR log::text ILIKE '%hearth.test%'")
                #expect(named == 0, "\(log)")
                #expect(try await stage.count("SELECT count(*) FROM \(identifier: log) WHERE user_id = \(user)") == 2, "\(log)")
            }
        }
    }

    @Test("is told by who did it, with what, and how risky that is")
    func audit() async throws {
        try await AnalyticsStage.with { stage in
            let caller = Caller.test()
            let origin = Origin(
                actorID: caller.userID, sessionID: caller.sessionID, requestID: "r-1", clientIP: "192.0.2.7",
                userAgent: String(repeating: "e\u{301}", count: 2000))
            try await stage.service.speaking(as: .auth) { auth in
                try await auth.say(SessionRevoked(sessionID: .v7(), userID: caller.userID, reason: "refresh_token_reused"), origin: origin)
                try await auth.say(SessionRevoked(sessionID: .v7(), userID: caller.userID, reason: "signed_out"), origin: origin)
                try await auth.say(SessionStarted(sessionID: .v7(), userID: caller.userID), origin: Origin(clientIP: "fe80::1%eth0"))
            }
            try await stage.service.speaking(as: .campaigns) { campaigns in
                try await campaigns.say(EmailFailed(emailID: .v7(), userID: caller.userID, reason: "rejected", reference: nil))
            }
            try await stage.service.speaking(as: .alerts) { alerts in
                try await alerts.say(NotificationCreated(notificationID: .v7(), userID: caller.userID, sequence: 1, type: "new_listing", title: "x"))
            }
            try await stage.heard(5)
            let risky = try await stage.audit("risk_level=high", as: caller).items
            #expect(risky.count == 1)
            #expect(risky.first?.ipAddress == "192.0.2.7" && risky.first?.requestID == "r-1" && risky.first?.level == "warning")
            #expect(risky.first?.userAgent?.unicodeScalars.count == 1000)
            let all = try await stage.audit(as: caller).items
            #expect(all.count == 4, "a notification is counted, not audited")
            #expect(all.filter { !$0.success }.map(\.errorCode) == ["rejected"])
            #expect(all.first { $0.action == "started" }?.ipAddress == nil)
            #expect(try await stage.events(as: caller).items.count == 5)
        }
    }

    @Test("is counted right, however much comes at once")
    func counts() async throws {
        try await AnalyticsStage.with { stage in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<4 {
                    group.addTask {
                        try await stage.service.speaking(as: .auth) { auth in
                            for _ in 0..<50 { try await auth.say(SessionStarted(sessionID: .v7(), userID: .v7())) }
                        }
                    }
                }
                try await group.waitForAll()
            }
            try await stage.heard(200)
            #expect(try await stage.count("SELECT sum(events)::bigint FROM event_counts") == 200)
            #expect(try await stage.count("SELECT count(*) FROM user_events") == 200)
        }
    }

    @Test("leads to nobody who is deleted, also what comes late")
    func erasure() async throws {
        try await AnalyticsStage.with { stage in
            let (gone, stays) = (UUID.v7(), UUID.v7())
            func origin(_ user: UUID) -> Origin { Origin(actorID: user, sessionID: .v7(), clientIP: "192.0.2.1", userAgent: "Browser") }
            try await stage.service.speaking(as: .auth) { auth in
                for user in [gone, stays] { try await auth.say(SessionStarted(sessionID: .v7(), userID: user), origin: origin(user)) }
                try await stage.heard(2)
                try await auth.say(UserDeleted(userID: gone, version: 2), origin: origin(gone))
                // Its own receipt for auth comes by, too, and is no event.
                try await eventually { try await stage.count("SELECT count(*) FROM user_events") == 3 }
                try await auth.say(SessionRevoked(sessionID: .v7(), userID: gone, reason: "user_deleted"), origin: origin(gone))
                try await eventually { try await stage.count("SELECT count(*) FROM user_events") == 4 }
            }
            #expect(try await stage.count("SELECT count(*) FROM user_events") == 4)
            #expect(
                try await stage.count(
                    "SELECT count(*) FROM user_events WHERE user_id IS NULL AND session_id IS NULL AND ip_address IS NULL AND user_agent IS NULL AND event_data = '{}'"
                ) == 3)
            #expect(try await stage.count("SELECT count(*) FROM user_events WHERE user_id = \(stays) AND ip_address IS NOT NULL") == 1)
            #expect(
                try await stage.count("SELECT count(*) FROM audit_logs WHERE user_id = \(gone) AND ip_address IS NULL AND user_agent IS NULL") == 3)
            #expect(try await stage.count("SELECT count(*) FROM audit_logs WHERE user_id = \(stays) AND ip_address IS NOT NULL") == 1)
            #expect(try await stage.count("SELECT sum(events)::bigint FROM event_counts") == 4)
        }
    }
}
