import Contracts
import Foundation
import Messaging
import Postgres
import ServiceKit
import TestKit
import Testing

@testable import Auth

@Suite struct ModeratorActionTests {
    @Test func `A suspended person is out at once everywhere, told why by mail, and back when it is taken back`() async throws {
        try await ModerationStage.with { stage in
            let person = stage.person
            let report = try await stage.filed(person.user.id, type: "user", as: stage.administrator)
            var suspension = TestAction(actionType: "user_suspended", targetEntityID: person.user.id, reportID: report.id, durationHours: 72)
            suspension.internalNotes = "Second time."
            let action = try await stage.acted(suspension)
            #expect(action.isActive && action.expiresAt != nil && !action.notificationSent)

            #expect(try await stage.get("/v1/users/me", as: person).status == 401)
            let refused = try await stage.auth.login("person@example.org")
            #expect(refused.status == 403 && refused.text.contains("account-suspended"))
            #expect(try await stage.auth.refresh(person.refreshToken).status == 401)
            #expect(try await stage.auth.tap.first(SessionRevoked.self) { $0.userID == person.user.id }.reason == "user_suspended")
            #expect(try await stage.auth.tap.first(UserUpdated.self) { $0.user.id == person.user.id }.user.status == "suspended")
            let taken = try await stage.auth.tap.first(ModeratorActionTaken.self)
            #expect(taken.before?.status == "active" && taken.after?.status == "suspended" && taken.riskLevel == "high")
            #expect(taken.reportID == report.id && taken.moderatorID == stage.moderator.user.id)
            try await eventually {
                stage.auth.tap.all(EventTap.Mail.self).contains { $0.template == "moderation_notice" && $0.toEmail == "person@example.org" }
            }

            #expect(try await stage.reverse(action).status == 200)
            #expect(try await stage.status(of: person) == "active")
            #expect(try await stage.reverse(action).status == 409)
            let lifted = try await stage.auth.tap.first(ModeratorActionLifted.self)
            #expect(lifted.cause == "reversed" && lifted.after?.status == "active" && lifted.reversedBy == stage.moderator.user.id)
            let back: SignIn = try await stage.auth.login("person@example.org").json()
            let own = try await stage.get("/v1/users/me/moderation-actions", as: back)
            let seen: Page<OwnModeratorAction> = try own.json()
            #expect(seen.items.map(\.id) == [action.id] && seen.items[0].reversalReason == "The appeal is granted.")
            #expect(!own.text.contains("Second time.") && !own.text.contains(stage.moderator.user.id.uuidString.lowercased()))
        }
    }

    @Test func `A suspension ends by itself, once, however many copies look`() async throws {
        try await ModerationStage.with { stage in
            let action = try await stage.acted(TestAction(actionType: "user_suspended", targetEntityID: stage.person.user.id, durationHours: 1))
            #expect(try await stage.status(of: stage.person) == "suspended")
            _ = try await stage.auth.sql("UPDATE moderator_actions SET expires_at = now() - interval '1 second' WHERE id = \(action.id)")
            let store = ModeratorActionStore(
                postgres: stage.auth.service.platform.postgres,
                mail: AccountMail(encryption: stage.auth.service.platform.encryption, publicURL: "http://hearth.test"))
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<20 { group.addTask { _ = try await store.liftExpired(action.id) } }
                try await group.waitForAll()
            }
            try await eventually { try await stage.status(of: stage.person) == "active" }
            #expect(try await stage.auth.login("person@example.org").status == 200)
            _ = try await stage.auth.tap.first(ModeratorActionLifted.self) { $0.cause == "expired" }
            #expect(stage.auth.tap.all(ModeratorActionLifted.self).count == 1)
        }
    }

    @Test func `An action that cannot be lifted keeps none of the others`() async throws {
        try await ModerationStage.with { stage in
            let stuck = try await stage.acted(TestAction(actionType: "warning_issued", targetEntityID: stage.person.user.id, durationHours: 1))
            let action = try await stage.acted(TestAction(actionType: "user_suspended", targetEntityID: stage.person.user.id, durationHours: 2))
            _ = try await stage.auth.sql(
                """
                CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'it is stuck'; END $$
                """)
            _ = try await stage.auth.sql(
                """
                CREATE TRIGGER stuck BEFORE UPDATE OF is_active ON moderator_actions FOR EACH ROW WHEN (OLD.action_type = 'warning_issued')
                EXECUTE FUNCTION refuse()
                """)
            _ = try await stage.auth.sql("UPDATE moderator_actions SET expires_at = now() - make_interval(hours => 3 - duration_hours)")
            #expect(try await stage.auth.tap.first(ModeratorActionLifted.self).action.actionID == action.id)
            #expect(try await stage.status(of: stage.person) == "active")
            #expect(try await stage.auth.sql("SELECT is_active FROM moderator_actions WHERE id = \(stuck.id)")[0]["is_active"] == true)
        }
    }

    @Test func `Who is banned as well stays out when the suspension ends, and goes back to what they were`() async throws {
        try await ModerationStage.with { stage in
            _ = try await stage.auth.sql("UPDATE users SET status = 'pending_verification' WHERE id = \(stage.person.user.id)")
            let suspension = try await stage.acted(
                TestAction(actionType: "user_suspended", targetEntityID: stage.person.user.id, durationHours: 1))
            let ban = try await stage.acted(TestAction(actionType: "user_banned", targetEntityID: stage.person.user.id))
            #expect(ban.expiresAt == nil)
            #expect(try await stage.reverse(suspension).status == 200)
            #expect(try await stage.status(of: stage.person) == "suspended")
            #expect(try await stage.reverse(ban).status == 200)
            #expect(try await stage.status(of: stage.person) == "pending_verification")
        }
    }

    @Test func `Whom an administrator has suspended no moderator lets in, and who is reinstated is free of everything`() async throws {
        try await ModerationStage.with { stage in
            let path = "/v1/users/\(stage.person.user.id)"
            let suspension = try await stage.acted(
                TestAction(actionType: "user_suspended", targetEntityID: stage.person.user.id, durationHours: 1))
            #expect(try await stage.patch(path, #"{"status": "suspended", "reason": "a court"}"#, as: stage.administrator).status == 200)
            #expect(try await stage.reverse(suspension).status == 200)
            #expect(try await stage.status(of: stage.person) == "suspended")
            let standing: Page<ModeratorAction> = try await stage.get(
                "/v1/moderation/actions?is_active=true&target_user_id=\(stage.person.user.id)", as: stage.moderator
            ).json()
            let decision = try #require(standing.items.first)
            #expect(standing.items.count == 1 && decision.moderatorID == stage.administrator.user.id && decision.internalNotes == "a court")
            #expect(try await stage.reverse(decision).problem == "beyond-moderator")
            let again = try await stage.acted(TestAction(actionType: "user_suspended", targetEntityID: stage.person.user.id, durationHours: 1))
            _ = try await stage.auth.sql("UPDATE moderator_actions SET expires_at = now() - interval '1 second' WHERE id = \(again.id)")
            _ = try await stage.auth.tap.first(ModeratorActionLifted.self) { $0.cause == "expired" }
            #expect(try await stage.status(of: stage.person) == "suspended")

            _ = try await stage.acted(TestAction(actionType: "user_banned", targetEntityID: stage.person.user.id))
            #expect(try await stage.patch(path, #"{"status": "active"}"#, as: stage.administrator).status == 200)
            #expect(try await stage.auth.login("person@example.org").status == 200)
            #expect(try await stage.auth.sql("SELECT 1 AS one FROM moderator_actions WHERE is_active").isEmpty)
            // What was before does not make the next suspension last.
            let next = try await stage.acted(TestAction(actionType: "user_suspended", targetEntityID: stage.person.user.id, durationHours: 1))
            #expect(try await stage.reverse(next).status == 200)
            #expect(try await stage.status(of: stage.person) == "active")
        }
    }

    @Test func `Two that end at the same moment leave nobody locked out`() async throws {
        try await ModerationStage.with { stage in
            for _ in 0..<5 {
                let one = try await stage.acted(TestAction(actionType: "user_banned", targetEntityID: stage.person.user.id))
                let other = try await stage.acted(TestAction(actionType: "user_banned", targetEntityID: stage.person.user.id))
                async let first = stage.reverse(one).status
                async let second = stage.reverse(other, as: stage.administrator).status
                #expect(try await [first, second] == [200, 200])
                #expect(try await stage.status(of: stage.person) == "active")
            }
        }
    }

    @Test func `A restricted account reads and does nothing that others see, with its session and its API keys`() async throws {
        try await ModerationStage.with { stage in
            _ = try await stage.auth.sql("UPDATE users SET email_verified = true WHERE id = \(stage.person.user.id)")
            let person: SignIn = try await stage.auth.login("person@example.org").json()
            let made: MadeAPIKey = try await stage.post(
                "/v1/api-keys", APIKeyBody(keyName: "own", permissions: ["agencies.found", "account.read"]), as: person
            ).json()
            let action = try await stage.acted(TestAction(actionType: "account_restricted", targetEntityID: person.user.id))
            let agency = ["kind": "rescue", "name": "Paws"]
            let refused = try await stage.post("/v1/agencies", agency, as: person)
            #expect(refused.status == 403 && refused.text.contains("account-restricted"), "\(refused)")
            let byKey = try await stage.auth.service.post("/v1/agencies", agency, headers: ["X-API-Key": made.key])
            #expect(byKey.status == 403 && byKey.text.contains("account-restricted"), "\(byKey)")
            #expect(try await stage.get("/v1/users/me", as: person).status == 200)
            #expect(try await stage.report(as: person).status == 201)
            #expect(try await stage.reverse(action).status == 200)
            #expect(try await stage.post("/v1/agencies", agency, as: person).status == 201)
        }
    }

    @Test func `Content is removed and restored by events that count up, and only when the last removal ends`() async throws {
        try await ModerationStage.with { stage in
            let listing = UUID.v7()
            let removal = TestAction(actionType: "content_removed", targetEntityType: "listing", targetEntityID: listing)
            let one = try await stage.acted(removal)
            let other = try await stage.acted(removal)
            let removed = try await stage.auth.tap.first(ContentRemoved.self)
            #expect(removed.entityType == "listing" && removed.entityID == listing && removed.version == 1 && removed.actionID == one.id)
            #expect(try await stage.reverse(one).status == 200)
            #expect(try await stage.reverse(other).status == 200)
            let restored = try await stage.auth.tap.first(ContentRestored.self)
            #expect(restored.version == 2 && restored.actionID == other.id)
            #expect(stage.auth.tap.all(ContentRemoved.self).count == 1 && stage.auth.tap.all(ContentRestored.self).count == 1)
        }
    }

    @Test func `Moderators act on users alone, administrators on moderators too, nobody on themselves`() async throws {
        try await ModerationStage.with { stage in
            func warn(_ target: SignIn, as who: SignIn) async throws -> Int {
                try await stage.act(TestAction(actionType: "warning_issued", targetEntityID: target.user.id), as: who).status
            }
            #expect(try await warn(stage.person, as: stage.moderator) == 201)
            #expect(try await warn(stage.moderator, as: stage.moderator) == 403)
            #expect(try await warn(stage.administrator, as: stage.moderator) == 403)
            #expect(try await warn(stage.administrator, as: stage.administrator) == 403)
            #expect(try await warn(stage.moderator, as: stage.administrator) == 201)
            #expect(try await warn(stage.moderator, as: stage.person) == 403)
            // Nor takes a moderator back what an administrator has done, or anybody what was done about themselves.
            let ban = try await stage.acted(TestAction(actionType: "user_banned", targetEntityID: stage.person.user.id), as: stage.administrator)
            #expect(try await stage.reverse(ban, as: stage.moderator).status == 403)
            let restriction = try await stage.acted(
                TestAction(actionType: "account_restricted", targetEntityID: stage.moderator.user.id), as: stage.administrator)
            #expect(try await stage.reverse(restriction, as: stage.moderator).status == 403)
            #expect(try await stage.reverse(restriction, as: stage.administrator).status == 200)
        }
    }

    @Test func `The database refuses the same whatever the code does, and shows nobody what is between moderators`() async throws {
        try await ModerationStage.with { stage in
            let postgres = stage.auth.service.platform.postgres
            func insertion(by moderator: SignIn, on target: SignIn) -> SQL {
                """
                INSERT INTO moderator_actions (moderator_id, target_entity_type, target_entity_id, target_user_id, action_type, severity, reason, is_active)
                VALUES (\(moderator.user.id), 'user', \(target.user.id), \(target.user.id), 'warning_issued', 'low', 'x', true)
                """
            }
            for (moderator, target) in [
                (stage.moderator, stage.moderator), (stage.moderator, stage.administrator), (stage.person, stage.moderator),
                (stage.administrator, stage.administrator),
            ] {
                await #expect { () async throws -> Void in
                    _ = try await postgres.batch(as: ServiceCaller(), [insertion(by: moderator, on: target)])
                } throws: { ($0 as? PostgresError)?.sqlState == .insufficientPrivilege }
            }
            _ = try await stage.acted(TestAction(actionType: "warning_issued", targetEntityID: stage.person.user.id))
            _ = try await stage.filed(as: stage.administrator)
            let person = Caller(userID: stage.person.user.id, sessionID: .v7())
            for table: SQL in ["moderator_actions", "reports", "content_states"] {
                let count: Int = try await postgres.batch(as: person, ["SELECT count(*) AS n FROM \(table)"])[0][0]["n"]
                #expect(count == 0)
            }
            await #expect { () async throws -> Void in
                _ = try await postgres.batch(as: person, ["UPDATE users SET is_restricted = true WHERE id = \(stage.person.user.id)"])
            } throws: { ($0 as? PostgresError)?.sqlState == .insufficientPrivilege }
        }
    }

    @Test func `It is noted when the mail has left`() async throws {
        try await ModerationStage.with { stage in
            let action = try await stage.acted(TestAction(actionType: "warning_issued", targetEntityID: stage.person.user.id))
            try await stage.auth.service.speaking(as: .campaigns) { campaigns in
                try await campaigns.say(
                    EmailSent(emailID: action.id, userID: stage.person.user.id, template: "moderation_notice", reference: action.id))
            }
            try await eventually {
                let now: ModeratorAction = try await stage.get("/v1/moderation/actions/\(action.id)", as: stage.moderator).json()
                return now.notificationSent
            }
        }
    }

    @Test(
        "What makes no sense is refused with the place",
        arguments: [
            (TestAction(actionType: "user_suspended", targetEntityID: .v7()), "duration_hours"),
            (TestAction(actionType: "content_removed", targetEntityID: .v7()), "target_entity_type"),
            (TestAction(actionType: "content_removed", targetEntityType: "agency", targetEntityID: .v7()), "target_entity_type"),
            (TestAction(actionType: "content_removed", targetEntityType: "pet", targetEntityID: .v7()), "target_entity_type"),
            (TestAction(actionType: "user_banned", targetEntityType: "listing", targetEntityID: .v7()), "target_entity_type"),
            (TestAction(actionType: "escalation", targetEntityID: .v7()), "action_type"),
            (TestAction(actionType: "no_action", targetEntityID: .v7(), durationHours: 3), "duration_hours"),
            (TestAction(actionType: "warning_issued", targetEntityID: .v7()), "target_entity_id"),
            (TestAction(actionType: "content_flagged", targetEntityType: "pet", targetEntityID: .v7(), reportID: .v7()), "report_id"),
        ])
    func invalid(action: TestAction, pointer: String) async throws {
        try await ModerationStage.with { stage in
            let answer = try await stage.act(action)
            #expect(answer.status == 422 && answer.text.contains(pointer), "\(answer)")
        }
    }

    private struct APIKeyBody: Encodable {
        var keyName: String
        var permissions: [String]
        enum CodingKeys: String, CodingKey {
            case permissions
            case keyName = "key_name"
        }
    }
}
