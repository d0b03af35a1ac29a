import Foundation
import Postgres
import ServiceKit

/// What auth holds of people.
struct AuthPersonalData: PersonalData {
    let avatars: AvatarStore

    let tables = [
        PersonalTable(
            "users", person: "id",
            omitting: ["password_hash", "email_verification_token_hash", "password_reset_token_hash", "first_name_key", "last_name_key"],
            erasure: .anonymised("a row without a name, so that what happened keeps somebody to point at")),
        PersonalTable("user_avatars", key: ["user_id"], omitting: ["bytes"], erasure: .deleted),
        PersonalTable("user_sessions", omitting: ["refresh_token_hash"], erasure: .deleted),
        PersonalTable("agency_members", erasure: .deleted),
        PersonalTable("team_members", erasure: .deleted),
        PersonalTable("teams", person: "lead_user_id", isExported: false, erasure: .deleted),
        PersonalTable("agency_invitations", person: "invited_by", omitting: ["token_hash", "email"], erasure: .deleted),
        PersonalTable("api_keys", omitting: ["key_hash"], erasure: .deleted),
        PersonalTable("mfa_factors", omitting: ["secret_encrypted"], erasure: .deleted),
        PersonalTable("passkeys", omitting: ["public_key"], erasure: .deleted),
        PersonalTable("passkey_challenges", key: ["challenge_hash"], isExported: false, erasure: .deleted),
        PersonalTable("oauth_connections", omitting: ["access_token_encrypted", "refresh_token_encrypted"], erasure: .deleted),
        PersonalTable("oauth_attempts", key: ["state_hash"], isExported: false, erasure: .deleted),
        PersonalTable("mfa_challenges", isExported: false, erasure: .deleted),
        PersonalTable("mfa_tokens", isExported: false, erasure: .deleted),
        PersonalTable(
            "consent_records",
            erasure: .kept("that somebody agreed is kept for three years, without address and device (GDPR, articles 7 and 17 (3))")),
        PersonalTable("email_changes", omitting: ["token_hash", "revert_token_hash"], erasure: .deleted),
        PersonalTable("data_exports", erasure: .deleted),
        PersonalTable(
            "reports", person: "reporter_id", alsoNaming: ["reported_user_id", "assigned_moderator", "resolved_by", "escalated_to"],
            omitting: ["resolution_notes", "escalation_reason", "assigned_moderator", "resolved_by", "escalated_to"],
            erasure: .anonymised("what was reported about others, without who reported it; what was told of the person is taken out")),
        PersonalTable(
            "moderator_actions", person: "target_user_id", alsoNaming: ["moderator_id", "reversed_by"],
            omitting: ["internal_notes", "evidence", "metadata", "moderator_id", "reversed_by"],
            erasure: .anonymised("that action of its kind was taken, and when, without whom it met and why")),
        PersonalTable(
            "system_configuration", person: "updated_by", isExported: false,
            erasure: .kept("who changed a setting last, by a number that leads to nobody")),
        PersonalTable(
            "api_rate_limits", person: "blocked_by", alsoNaming: ["identifier"], isExported: false,
            erasure: .kept("who blocked a caller, by a number that leads to nobody; how often they asked themselves is deleted")),
        PersonalTable("erasures", isExported: false, erasure: .kept("this receipt")),
    ]

    /// Another token.
    let notPeople: Set<String> = ["refresh_tokens.replaced_by", "oauth_connections.provider_user_id"]

    /// Of an account that `UserStore.delete` is closing.
    func erase(_ user: UUID, version: Int64, in tx: Transaction) async throws {
        try await UserStore.leaveAgencies(user, tx)
        try await FactorStore.erase(user, tx)
        try await OAuthStore.erase(user, tx)
        _ = try await tx.batch([
            """
            DELETE FROM agency_invitations WHERE email = (SELECT email FROM users WHERE id = \(user))
            """,
            "UPDATE agency_invitations SET invited_by = NULL WHERE invited_by = \(user)",
            "DELETE FROM user_sessions WHERE user_id = \(user)",
            "DELETE FROM api_keys WHERE user_id = \(user)",
            "DELETE FROM user_avatars WHERE user_id = \(user)",
            "DELETE FROM api_rate_limits WHERE identifier_type = 'user' AND identifier = \(user.uuidString.lowercased())",
            "DELETE FROM email_changes WHERE user_id = \(user)",
            "DELETE FROM data_exports WHERE user_id = \(user)",
            "UPDATE consent_records SET ip_address = NULL, user_agent = NULL WHERE user_id = \(user)",
            "UPDATE reports SET reporter_id = NULL WHERE reporter_id = \(user)",
            """
            UPDATE reports SET reported_user_id = NULL, title = 'erased', description = 'erased', evidence = '[]', metadata = '{}',
                resolution = NULL, resolution_notes = NULL, escalation_reason = NULL
            WHERE reported_user_id = \(user)
            """,
            """
            UPDATE moderator_actions SET target_user_id = NULL, reason = 'erased', description = NULL, evidence = '[]', metadata = '{}',
                internal_notes = NULL, reversal_reason = NULL
            WHERE target_user_id = \(user)
            """,
            "UPDATE users SET \(Self.nameless) WHERE id = \(user)",
        ])
    }

    /// Their picture is the only one.
    func file(of user: UUID, after last: UUID?) async throws -> PersonalFile? {
        guard let avatar = try await avatars.avatar(of: user), last == nil else { return nil }
        return PersonalFile(id: avatar.id, name: "avatar.\(avatar.type.fileExtension)", size: Int64(avatar.bytes.count)) { offset, length in
            Data(avatar.bytes.dropFirst(Int(offset)).prefix(length))
        }
    }

    /// Every column of an account that says something of a person.
    private static let nameless: SQL = """
        email = 'deleted@hearth.invalid', username = NULL, password_hash = NULL, first_name = NULL, last_name = NULL, full_name = NULL,
        phone = NULL, date_of_birth = NULL, gender = NULL, nationality = NULL, locale = DEFAULT, timezone = DEFAULT, avatar_url = NULL,
        bio = NULL, location = NULL, preferences = DEFAULT, role = DEFAULT, user_type = DEFAULT, email_verified = false,
        email_verification_token_hash = NULL, email_verification_expires = NULL, password_reset_token_hash = NULL,
        password_reset_expires = NULL, mfa_enabled = false, last_login_at = NULL, login_count = 0, failed_login_attempts = 0,
        locked_until = NULL, gdpr_consent_given = false, gdpr_consent_date = NULL, data_processing_consent = false,
        marketing_consent = false, analytics_consent = false, deactivated_at = NULL, status_before_suspension = NULL, is_restricted = false
        """
}
