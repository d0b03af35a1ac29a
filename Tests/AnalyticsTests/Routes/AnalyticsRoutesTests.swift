import Contracts
import Foundation
import Postgres
import ServiceKit
import TestKit
import Testing

@testable import Analytics

@Suite("Analytics")
struct AnalyticsRoutesTests {
    @Test("show the figures to administrators and moderators, kept for their time and then counted anew")
    func overview() async throws {
        try await AnalyticsStage.with { stage in
            let administrator = Caller.test(role: .administrator)
            _ = try await stage.transaction { try await $0.execute("UPDATE dashboard_metrics SET cache_ttl_seconds = 3") }
            func overview(_ caller: Caller) async throws -> Overview { try await stage.service.get("/v1/analytics/overview", as: caller).json() }
            let yesterday = Date(timeIntervalSinceNow: -86_400)
            try await stage.service.speaking(as: .auth) { auth in
                for time in [Date(), Date(), yesterday] { try await auth.say(SessionStarted(sessionID: .v7(), userID: .v7()), at: time) }
                try await auth.say(UserRegistered(user: .sample(.v7())))
                try await stage.heard(4)
                let first = try await overview(administrator)
                #expect(first.sessionsStarted == 3 && first.usersRegistered == 1 && first.cacheTTLSeconds == 3)
                #expect(first.events.first { $0.eventType == SessionStarted.name }?.today == 2)
                try await auth.say(SessionStarted(sessionID: .v7(), userID: .v7()))
                try await stage.heard(5)
                let second = try await overview(.test(role: .moderator))
                if second.lastUpdatedAt == first.lastUpdatedAt { #expect(second.sessionsStarted == 3) }
                try await eventually { try await overview(administrator).sessionsStarted == 4 }
            }
            #expect(try await stage.service.get("/v1/analytics/overview", as: .test()).status == 403)
            #expect(try await stage.service.get("/v1/analytics/overview").status == 401)
            let seen = try await stage.service.platform.postgres.transaction(as: Caller.test()) { tx in
                try await tx.value("SELECT (SELECT count(*) FROM event_counts) + (SELECT count(*) FROM dashboard_metrics)", as: Int.self)
            }
            #expect(seen == 0)
        }
    }

    @Test("show everybody their own events and acts, an administrator everybody's, page by page")
    func scopes() async throws {
        try await AnalyticsStage.with { stage in
            let (first, second, administrator) = (Caller.test(), Caller.test(), Caller.test(role: .administrator))
            let start = Date(timeIntervalSinceNow: -60)
            try await stage.service.speaking(as: .auth) { auth in
                for number in 0..<5 {
                    for caller in [first, second] {
                        // Some at the very same time.
                        try await auth.say(SessionStarted(sessionID: .v7(), userID: caller.userID), at: start.addingTimeInterval(Double(number / 2)))
                    }
                }
            }
            try await stage.heard(10)
            for caller in [first, second, .test(role: .moderator)] {
                for query in ["", "user_id=\(first.userID)"] {
                    let own = caller.role == .user ? 5 : 0
                    #expect(try await stage.events(query, as: caller).items.map(\.userID) == Array(repeating: caller.userID, count: own))
                    #expect(try await stage.audit(query, as: caller).items.map(\.userID) == Array(repeating: caller.userID, count: own))
                }
            }
            #expect(try await stage.events("user_id=\(first.userID)", as: administrator).items.count == 5)
            #expect(
                try await stage.audit("entity_type=session&entity_id=\(second.userID.uuidString.lowercased())", as: administrator).items.count == 5)
            #expect(try await stage.events("event_type=auth.user.deleted.v1", as: administrator).items.isEmpty)
            var seen: [UUID] = []
            var cursor = ""
            repeat {
                let page = try await stage.events("limit=3" + cursor, as: administrator)
                seen += page.items.map(\.id)
                cursor = page.nextCursor.map { "&cursor=\($0)" } ?? ""
            } while !cursor.isEmpty
            #expect(seen.count == 10 && Set(seen).count == 10)
            for path in ["/v1/analytics/events", "/v1/audit-logs"] {
                #expect(try await stage.service.get(path).status == 401)
                #expect(try await stage.service.get(path + "?limit=0", as: first).status == 422)
                #expect(try await stage.service.get(path + "?cursor=%21", as: first).status == 422)
                #expect(try await stage.service.get(path + "?user_id=x", as: administrator).status == 422)
            }
            #expect(try await stage.service.get("/v1/audit-logs?entity_type=a%00b", as: administrator).status == 422)
            for log in ["user_events", "audit_logs"] {
                let all: SQL = "SELECT count(*) FROM \(identifier: log)"
                for (caller, count) in [(first, 5), (Caller.test(), 0), (administrator, 10)] {
                    #expect(try await stage.service.platform.postgres.transaction(as: caller) { try await $0.value(all, as: Int.self) } == count)
                }
            }
        }
    }

    @Test("every route is documented, and every documented one is there")
    func documented() async throws {
        try await expectDocumented(AnalyticsService.self)
    }
}
