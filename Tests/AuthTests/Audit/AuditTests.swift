import Contracts
import Foundation
import ServiceKit
import TestKit
import Testing

@testable import Auth

/// Every operation that changes anything, against the audit events that it raises.
@Suite struct AuditTests {
    /// What raises none of its own, and why.
    private static let silent: [String: String] = [
        "POST /v1/auth/refresh": "goes on with a session; a token that is used again ends it, which is an event",
        "POST /v1/auth/verify-email/page": "as POST /v1/auth/verify-email, from a form",
        "POST /v1/auth/password/reset/page": "as POST /v1/auth/password/reset, from a form",
        "POST /v1/auth/login/second-factor": "auth.session.started.v1 and auth.second_factor.failed.v1, held by the tests of second factors",
        "POST /v1/auth/login/second-factor/code": "sends a code; nothing changes before it is shown",
        "POST /v1/auth/step-up": "begins; nothing changes before a factor is shown",
        "POST /v1/auth/step-up/second-factor": "auth.session.stepped_up.v1, held by the tests of second factors",
        "POST /v1/auth/step-up/second-factor/code": "sends a code; nothing changes before it is shown",
        "POST /v1/users/me/second-factors": "begins; nothing changes before it is confirmed",
        "POST /v1/users/me/second-factors/{id}/confirm": "auth.second_factor.changed.v1, held by the tests of second factors",
        "POST /v1/users/me/second-factors/{id}/code": "sends a code; nothing changes before it is shown",
        "DELETE /v1/users/me/second-factors/{id}": "auth.second_factor.changed.v1, held by the tests of second factors",
        "POST /v1/users/me/backup-codes": "auth.second_factor.changed.v1, held by the tests of second factors",
        "DELETE /v1/users/{id}/second-factors": "auth.second_factor.changed.v1, held by the tests of second factors",
        "POST /v1/auth/passkeys/options": "begins; nothing changes before it is signed",
        "POST /v1/auth/passkeys/login": "auth.session.started.v1, held by the tests of passkeys",
        "POST /v1/auth/login/second-factor/passkey": "begins; nothing changes before it is signed",
        "POST /v1/auth/step-up/second-factor/passkey": "begins; nothing changes before it is signed",
        "POST /v1/users/me/passkeys/options": "begins; nothing changes before there is a passkey",
        "POST /v1/users/me/passkeys": "auth.second_factor.changed.v1, held by the tests of passkeys",
        "PATCH /v1/users/me/passkeys/{id}": "a name that its owner alone sees",
        "DELETE /v1/users/me/passkeys/{id}": "auth.second_factor.changed.v1, held by the tests of passkeys",
        "POST /v1/auth/oauth/providers/{provider}/authorize": "begins; nothing changes before the browser is back",
        "POST /v1/auth/oauth/callback": "auth.session.started.v1, auth.oauth_connection.changed.v1, held by the tests of accounts elsewhere",
        "POST /v1/users/me/oauth-providers/{provider}/authorize": "begins; nothing changes before the browser is back",
        "POST /v1/users/me/oauth-connections": "auth.oauth_connection.changed.v1, held by the tests of accounts elsewhere",
        "DELETE /v1/users/me/oauth-connections/{id}": "auth.oauth_connection.changed.v1, held by the tests of accounts elsewhere",
        "POST /v1/auth/email-change": "auth.account.changed.v1, held by the tests of changed addresses",
        "POST /v1/auth/email-change/page": "as POST /v1/auth/email-change, from a form",
        "POST /v1/auth/email-change/take-back": "auth.account.changed.v1, held by the tests of changed addresses",
        "POST /v1/auth/email-change/take-back/page": "as POST /v1/auth/email-change/take-back, from a form",
        "PUT /v1/users/me/avatar": "auth.user.updated.v1 tells of the profile; a picture gives nobody any right",
        "DELETE /v1/users/me/avatar": "auth.user.updated.v1 tells of the profile; a picture gives nobody any right",
        "POST /v1/users/me/deactivate": "auth.account.changed.v1, held by the tests of leaving",
        "PATCH /v1/users/{id}": "auth.account.changed.v1, held by the tests of the administration of users",
        "POST /v1/users/{id}/unlock": "auth.account.changed.v1, held by the tests of the administration of users",
        "POST /v1/users/{id}/sessions/revoke": "auth.session.revoked.v1 for each session",
        "POST /v1/users/me/exports": "auth.export.requested.v1, held by the tests of exports",
        "DELETE /v1/users/me/exports/{id}": "takes away what one has asked for oneself",
        "POST /v1/invitations/page": "as POST /v1/invitations/accept and decline, from a form",
    ]

    private static let sessionStarted = SessionStarted.name
    private static let sessionRevoked = SessionRevoked.name
    private static let membershipChanged = MembershipChanged.name
    private static let teamChanged = TeamChanged.name
    private static let reportUpdated = ReportUpdated.name

    private static func noted(_ act: String) -> String { "\(SecurityNoted.name):\(act)" }

    @Test func `Every operation raises its events, and none is forgotten`() async throws {
        try await AgencyStage.with(settings: ["RATE_LIMIT_USER": "off", "RATE_LIMIT_ENDPOINTS": "off"]) { stage in
            let audit = AuditStage(stage)
            try await Self.accounts(audit)
            try await Self.agencies(audit)
            try await Self.keys(audit)
            try await Self.order(audit)
            let changing = try GuardedOperation.all(in: AuthService.openAPI).filter { $0.method != .GET }.map(\.description)
            let missing = Set(changing).subtracting(audit.covered).subtracting(Self.silent.keys)
            #expect(missing.isEmpty, "operations of which this test does not know what they raise: \(missing.sorted())")
        }
    }

    private static func accounts(_ audit: AuditStage) async throws {
        let auth = audit.stage.auth
        try await audit.expect("POST /v1/auth/register", raises: UserRegistered.name) { try await auth.register("mia@example.org") }
        try await audit.expect("POST /v1/auth/register", raises: noted("registration_repeated")) { try await auth.register("mia@example.org") }
        _ = try await auth.sql("UPDATE users SET email_verification_expires = now() + interval '1 hour' WHERE email = 'mia@example.org'")
        try await audit.expect("POST /v1/auth/verify-email/resend", raises: noted("verification_requested")) {
            try await audit.send(.POST, "/v1/auth/verify-email/resend", #"{"email": "mia@example.org"}"#)
        }
        let token = OpaqueToken.random()
        try await auth.plant(token, in: "email_verification_token_hash", expires: "email_verification_expires", of: "mia@example.org")
        try await audit.expect("POST /v1/auth/verify-email", raises: UserUpdated.name, noted("email_verified")) {
            try await audit.send(.POST, "/v1/auth/verify-email", #"{"token": "\#(token.text)"}"#)
        }
        #expect(try await auth.login("mia@example.org", password: "not the password").status == 401)
        #expect(try await auth.login("nobody@example.org").status == 401)
        try await eventually {
            let failed = auth.tap.all(SecurityNoted.self).filter { $0.act == "sign_in_failed" && !$0.success }
            return failed.contains { $0.userID == nil } && failed.contains { $0.after == ["failed_login_attempts": "1"] }
        }
        let signedIn = try await audit.expect("POST /v1/auth/login", raises: sessionStarted) { try await auth.login("mia@example.org") }
        let mia: SignIn = try signedIn.json()
        try await audit.expect("POST /v1/auth/logout", raises: sessionRevoked) {
            try await audit.send(.POST, "/v1/auth/logout", as: try await auth.login("mia@example.org").json())
        }
        let other: SignIn = try await auth.login("mia@example.org").json()
        try await audit.expect("DELETE /v1/auth/sessions/{id}", raises: sessionRevoked) {
            try await audit.send(.DELETE, "/v1/auth/sessions/\(other.sessionID)", nil, as: mia)
        }
        #expect(try await auth.login("mia@example.org").status == 200)
        try await audit.expect("POST /v1/auth/sessions/revoke-others", raises: sessionRevoked) {
            try await audit.send(.POST, "/v1/auth/sessions/revoke-others", as: mia)
        }
        try await audit.expect("PATCH /v1/users/me", raises: UserUpdated.name) {
            try await audit.send(.PATCH, "/v1/users/me", #"{"locale": "en-GB"}"#, as: mia)
        }
        let change = try await auth.tap.first(UserUpdated.self) { $0.changedFields == ["locale"] }
        #expect(change.before?.locale == "de-DE" && change.user.locale == "en-GB")
        try await audit.expect("POST /v1/users/me/email", raises: noted("email_change_requested")) {
            try await audit.send(.POST, "/v1/users/me/email", #"{"email": "mia@example.com", "password": "\#(AuthTest.password)"}"#, as: mia)
        }
        let password = "another sentence is good"
        try await audit.expect("POST /v1/auth/password/change", raises: noted("password_changed")) {
            try await audit.send(
                .POST, "/v1/auth/password/change", #"{"current_password": "\#(AuthTest.password)", "new_password": "\#(password)"}"#, as: mia)
        }
        try await audit.expect("POST /v1/auth/password/forgot", raises: noted("password_reset_requested")) {
            try await audit.send(.POST, "/v1/auth/password/forgot", #"{"email": "mia@example.org"}"#)
        }
        let reset = OpaqueToken.random()
        try await auth.plant(reset, in: "password_reset_token_hash", expires: "password_reset_expires", of: "mia@example.org")
        try await audit.expect("POST /v1/auth/password/reset", raises: noted("password_reset"), sessionRevoked) {
            try await audit.send(.POST, "/v1/auth/password/reset", #"{"token": "\#(reset.text)", "password": "\#(AuthTest.password)"}"#)
        }
        try await audit.expect("DELETE /v1/users/me", raises: UserDeleted.name, sessionRevoked) {
            let again: SignIn = try await auth.login("mia@example.org").json()
            return try await audit.send(.DELETE, "/v1/users/me", #"{"password": "\#(AuthTest.password)"}"#, as: again)
        }
    }

    private static func agencies(_ audit: AuditStage) async throws {
        let (stage, auth) = (audit.stage, audit.stage.auth)
        let owner = stage.owner
        let founded = try await audit.expect("POST /v1/agencies", raises: AgencyFounded.name, membershipChanged) {
            try await audit.send(.POST, "/v1/agencies", #"{"kind": "rescue", "name": "Paws"}"#, as: owner)
        }
        let rescue: Agency = try founded.json()
        try await audit.expect("DELETE /v1/agencies/{id}", raises: AgencyDeleted.name, membershipChanged) {
            try await audit.send(.DELETE, "/v1/agencies/\(rescue.id.uuidString.lowercased())", #"{"name": "Paws"}"#, as: owner)
        }
        try await audit.expect("PATCH /v1/agencies/{id}", raises: AgencyUpdated.name) {
            try await audit.send(.PATCH, stage.path, #"{"name": "Keller & Sons"}"#, as: owner)
        }
        let change = try await auth.tap.first(AgencyUpdated.self)
        #expect(change.before?.name == "Keller & Co" && change.agency.name == "Keller & Sons")

        try await audit.expect("POST /v1/agencies/{id}/invitations", raises: InvitationSent.name) {
            try await stage.invite("ben@example.org", .agent)
        }
        let page: Page<Invitation> = try await audit.send(.GET, stage.path + "/invitations", nil, as: owner).json()
        let invitation = try #require(page.items.first)
        _ = try await auth.sql("UPDATE agency_invitations SET sent_at = now() - interval '1 hour'")
        try await audit.expect("POST /v1/agencies/{id}/invitations/{invitation_id}/resend", raises: InvitationSent.name) {
            try await audit.send(.POST, stage.path + "/invitations/\(invitation.id)/resend", as: owner)
        }
        try await audit.expect("DELETE /v1/agencies/{id}/invitations/{invitation_id}", raises: InvitationAnswered.name) {
            try await audit.send(.DELETE, stage.path + "/invitations/\(invitation.id)", nil, as: owner)
        }
        #expect(try await stage.invite("eva@example.org", .agent).status == 201)
        let declined = try await stage.token(to: "eva@example.org")
        try await audit.expect("POST /v1/invitations/decline", raises: InvitationAnswered.name) {
            try await audit.send(.POST, "/v1/invitations/decline", #"{"token": "\#(declined)"}"#)
        }
        let ben = try await auth.signedIn("ben@example.org")
        #expect(try await stage.invite("ben@example.org", .agent).status == 201)
        let token = try await stage.token(to: "ben@example.org", mails: 3)
        try await audit.expect("POST /v1/invitations/accept", raises: InvitationAnswered.name, membershipChanged) {
            try await stage.accept(token, as: ben)
        }
        try await audit.expect("PATCH /v1/agencies/{id}/members/{user_id}", raises: membershipChanged) {
            try await audit.send(.PATCH, stage.memberPath(ben), #"{"role": "assistant"}"#, as: owner)
        }
        let changed = try await auth.tap.first(MembershipChanged.self) { $0.change == "changed" }
        #expect(changed.before?.role == "agent" && changed.membership?.role == "assistant")
        try await teams(audit, member: ben)
        try await audit.expect("DELETE /v1/agencies/{id}/members/{user_id}", raises: membershipChanged) {
            try await audit.send(.DELETE, stage.memberPath(ben), nil, as: owner)
        }
    }

    private static func teams(_ audit: AuditStage, member: SignIn) async throws {
        let (stage, owner) = (audit.stage, audit.stage.owner)
        let made = try await audit.expect("POST /v1/agencies/{id}/teams", raises: teamChanged) {
            try await audit.send(.POST, stage.path + "/teams", #"{"name": "Sales"}"#, as: owner)
        }
        let path = stage.path + "/teams/\(try made.json(Team.self).id)"
        try await audit.expect("PATCH /v1/agencies/{id}/teams/{team_id}", raises: teamChanged) {
            try await audit.send(.PATCH, path, #"{"name": "Letting"}"#, as: owner)
        }
        try await audit.expect("PUT /v1/agencies/{id}/teams/{team_id}/members/{user_id}", raises: teamChanged) {
            try await audit.send(.PUT, path + "/members/\(member.user.id)", #"{"role": "member"}"#, as: owner)
        }
        try await audit.expect("DELETE /v1/agencies/{id}/teams/{team_id}/members/{user_id}", raises: teamChanged) {
            try await audit.send(.DELETE, path + "/members/\(member.user.id)", nil, as: owner)
        }
        try await audit.expect("DELETE /v1/agencies/{id}/teams/{team_id}", raises: teamChanged) {
            try await audit.send(.DELETE, path, nil, as: owner)
        }
    }

    private static func keys(_ audit: AuditStage) async throws {
        let (stage, owner) = (audit.stage, audit.stage.owner)
        func make(_ body: String) async throws -> MadeAPIKey {
            try await audit.expect("POST /v1/api-keys", raises: APIKeyCreated.name) {
                try await audit.send(.POST, "/v1/api-keys", body, as: owner)
            }.json()
        }
        let own = try await make(#"{"key_name": "own", "permissions": ["account.read"]}"#)
        let rotated: MadeAPIKey = try await audit.expect("POST /v1/api-keys/{id}/rotate", raises: APIKeyCreated.name, APIKeyRevoked.name) {
            try await audit.send(.POST, "/v1/api-keys/\(own.apiKey.id)/rotate", as: owner)
        }.json()
        try await audit.expect("DELETE /v1/api-keys/{id}", raises: APIKeyRevoked.name) {
            try await audit.send(.DELETE, "/v1/api-keys/\(rotated.apiKey.id)", nil, as: owner)
        }
        let agency = stage.agency.id.uuidString.lowercased()
        let key = try await make(#"{"key_name": "agency", "permissions": ["documents.read"], "agency_id": "\#(agency)"}"#)
        try await audit.expect("DELETE /v1/agencies/{id}/api-keys/{key_id}", raises: APIKeyRevoked.name) {
            try await audit.send(.DELETE, stage.path + "/api-keys/\(key.apiKey.id)", nil, as: owner)
        }
        let heir = try await stage.member("heir@example.org", .admin)
        try await audit.expect("POST /v1/agencies/{id}/owner", raises: membershipChanged) {
            try await audit.send(.POST, stage.path + "/owner", #"{"user_id": "\#(heir.user.id.uuidString.lowercased())"}"#, as: owner)
        }
    }

    private static func order(_ audit: AuditStage) async throws {
        let (stage, auth) = (audit.stage, audit.stage.auth)
        #expect(try await auth.register("root@example.org").status == 202)
        _ = try await auth.sql("UPDATE users SET role = 'administrator' WHERE email = 'root@example.org'")
        let root: SignIn = try await auth.login("root@example.org").json()
        try await audit.expect("GET /v1/users", raises: noted("accounts_listed")) { try await audit.send(.GET, "/v1/users", nil, as: root) }
        try await audit.expect("GET /v1/users/{id}", raises: noted("account_viewed")) {
            try await audit.send(.GET, "/v1/users/\(stage.owner.user.id)", nil, as: root)
        }
        try await audit.expect("PATCH /v1/agencies/{id}/subscription", raises: AgencyUpdated.name) {
            try await audit.send(.PATCH, stage.path + "/subscription", #"{"tier": "professional"}"#, as: root)
        }
        try await reports(audit, root)
        let target = stage.owner.user.id.uuidString.lowercased()
        let action: ModeratorAction = try await audit.expect("POST /v1/moderation/actions", raises: ModeratorActionTaken.name) {
            try await audit.send(
                .POST, "/v1/moderation/actions",
                #"{"action_type": "warning_issued", "target_entity_type": "user", "target_entity_id": "\#(target)", "severity": "low", "reason": "x"}"#,
                as: root)
        }.json()
        try await audit.expect("POST /v1/moderation/actions/{id}/reverse", raises: ModeratorActionLifted.name) {
            try await audit.send(.POST, "/v1/moderation/actions/\(action.id)/reverse", #"{"reason": "x"}"#, as: root)
        }
        try await audit.expect("POST /v1/configuration", raises: ConfigurationChanged.name) {
            try await audit.send(.POST, "/v1/configuration", #"{"key": "a.b", "value": 1, "data_type": "number"}"#, as: root)
        }
        try await audit.expect("PATCH /v1/configuration/{key}", raises: ConfigurationChanged.name) {
            try await audit.send(.PATCH, "/v1/configuration/a.b", #"{"value": 2}"#, as: root)
        }
        try await audit.expect("DELETE /v1/configuration/{key}", raises: ConfigurationChanged.name) {
            try await audit.send(.DELETE, "/v1/configuration/a.b", nil, as: root)
        }
        try await audit.expect("POST /v1/feature-flags", raises: FeatureFlagChanged.name) {
            try await audit.send(.POST, "/v1/feature-flags", #"{"name": "new_search"}"#, as: root)
        }
        try await audit.expect("PATCH /v1/feature-flags/{name}", raises: FeatureFlagChanged.name) {
            try await audit.send(.PATCH, "/v1/feature-flags/new_search", #"{"enabled": true}"#, as: root)
        }
        try await audit.expect("DELETE /v1/feature-flags/{name}", raises: FeatureFlagChanged.name) {
            try await audit.send(.DELETE, "/v1/feature-flags/new_search", nil, as: root)
        }
        let block: RateLimitRecord = try await audit.expect("POST /v1/rate-limits/blocks", raises: RateLimitBlocked.name) {
            try await audit.send(
                .POST, "/v1/rate-limits/blocks",
                #"{"identifier": "192.0.2.1", "identifier_type": "ip", "duration_minutes": 5, "reason": "x"}"#, as: root)
        }.json()
        try await audit.expect("DELETE /v1/rate-limits/blocks/{id}", raises: RateLimitUnblocked.name) {
            try await audit.send(.DELETE, "/v1/rate-limits/blocks/\(block.id)", nil, as: root)
        }
    }

    private static func reports(_ audit: AuditStage, _ root: SignIn) async throws {
        func file() async throws -> String {
            let report: OwnReport = try await audit.expect("POST /v1/moderation/reports", raises: ReportFiled.name) {
                try await audit.send(
                    .POST, "/v1/moderation/reports",
                    #"{"reported_entity_type": "pet", "reported_entity_id": "\#(UUID.v7())", "category": "spam", "title": "x", "description": "x"}"#,
                    as: audit.stage.owner)
            }.json()
            return "/v1/moderation/reports/\(report.id)"
        }
        let (one, other) = (try await file(), try await file())
        try await audit.expect("PATCH /v1/moderation/reports/{id}", raises: reportUpdated) {
            try await audit.send(.PATCH, one, #"{"severity": "high"}"#, as: root)
        }
        try await audit.expect("POST /v1/moderation/reports/{id}/assign", raises: reportUpdated) {
            try await audit.send(.POST, one + "/assign", as: root)
        }
        try await audit.expect("POST /v1/moderation/reports/{id}/escalate", raises: reportUpdated, ModeratorActionTaken.name) {
            try await audit.send(.POST, one + "/escalate", #"{"reason": "x"}"#, as: root)
        }
        try await audit.expect("POST /v1/moderation/reports/{id}/resolve", raises: reportUpdated, ModeratorActionTaken.name) {
            try await audit.send(.POST, one + "/resolve", #"{"resolution": "x"}"#, as: root)
        }
        try await audit.expect("POST /v1/moderation/reports/{id}/dismiss", raises: reportUpdated, ModeratorActionTaken.name) {
            try await audit.send(.POST, other + "/dismiss", #"{"reason": "x"}"#, as: root)
        }
    }
}
