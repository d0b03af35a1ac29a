import Contracts
import Foundation
import Messaging
import ServiceKit
import TestKit
import Testing

@testable import Analytics

@Suite("The trail of what concerns security")
struct SecurityAuditTests {
    @Test("says what was done, to whom, from where, what was before and how much it weighs")
    func entries() async throws {
        try await AnalyticsStage.with { stage in
            let caller = Caller.test()
            let origin = Origin(actorID: caller.userID, sessionID: caller.sessionID, requestID: "r-7", clientIP: "192.0.2.7", userAgent: "curl")
            try await stage.service.speaking(as: .auth) { auth in
                try await auth.say(
                    SecurityNoted(
                        act: "account_locked", userID: caller.userID, success: false, riskLevel: "high", before: ["failed_login_attempts": "4"],
                        after: ["failed_login_attempts": "5"]), origin: origin)
                try await auth.say(
                    ConfigurationChanged(
                        settingID: .v7(), key: "a.b", change: "updated",
                        before: SettingState(value: "1", isActive: true, isPublic: false, isSensitive: false),
                        after: SettingState(value: "2", isActive: true, isPublic: false, isSensitive: false), changedFields: ["value"],
                        riskLevel: "medium", version: 2), origin: origin)
            }
            try await stage.heard(2)
            let locked = try #require(try await stage.audit("risk_level=high", as: caller).items.first)
            #expect(locked.action == "account_locked" && locked.entityType == "account" && !locked.success && locked.level == "warning")
            #expect(locked.entityID == caller.userID.uuidString.lowercased() && locked.ipAddress == "192.0.2.7" && locked.requestID == "r-7")
            #expect(locked.oldValues?["failed_login_attempts"]?.text == "4" && locked.category == "security" && locked.userAgent == "curl")
            let changed = try #require(try await stage.audit("entity_type=configuration", as: caller).items.first)
            #expect(changed.riskLevel == .medium && changed.success && changed.changedFields == ["value"])
            #expect(changed.oldValues?["value"]?.text == "1" && changed.newValues?["after"]?["value"]?.text == "2")
        }
    }
}
