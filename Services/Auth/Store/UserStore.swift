import Contracts
import Foundation
import Messaging
import Postgres
import ServiceKit

/// Accounts.
struct UserStore: Sendable {
    let postgres: Postgres
    let mail: AccountMail
    /// Of the texts that people are asked to agree to now.
    var consentTextVersion = "1"

    /// Opens an account and mails its owner a link. An address that has an account already only gets a mail that says so: nobody but its owner learns it.
    func register(_ new: NewUser) async throws {
        let token = OpaqueToken.random()
        try await postgres.transaction(as: ServiceCaller()) { tx in
            let user: User? = try await tx.first(
                """
                INSERT INTO users (
                    id, email, password_hash, first_name, last_name, full_name, phone, user_type, locale, timezone,
                    gdpr_consent_given, gdpr_consent_date, data_processing_consent, marketing_consent, analytics_consent,
                    email_verification_token_hash, email_verification_expires)
                VALUES (
                    \(new.id), \(new.email.text), \(new.passwordHash), \(new.firstName), \(new.lastName), \(new.fullName), \(new.phone),
                    \(new.userType), \(new.locale), \(new.timezone), \(new.consents.gdpr), CASE WHEN \(new.consents.gdpr) THEN now() END,
                    \(new.consents.dataProcessing), \(new.consents.marketing), \(new.consents.analytics),
                    \(token.hash), now() + \(seconds: Lifetimes.verification))
                ON CONFLICT (email) WHERE deleted_at IS NULL DO NOTHING
                RETURNING \(User.columns)
                """)
            if let user {
                try await tx.publish(UserRegistered(user: user.snapshot))
                try await ConsentStore.record(
                    of: user.id, from: Consents(), to: user.consents, textVersion: new.consentTextVersion ?? consentTextVersion,
                    source: .registration, tx)
                try await tx.send(mail.verifyEmail(user, token))
            } else if let owner = try await self.user(email: new.email, tx) {
                try await tx.send(mail.accountExists(owner))
                try await tx.publish(SecurityNoted(act: "registration_repeated", userID: owner.id, success: false, riskLevel: Severity.low.rawValue))
            }
        }
    }

    /// True when the token was good. It is good once.
    func verifyEmail(_ token: OpaqueToken) async throws -> Bool {
        try await postgres.transaction(as: ServiceCaller()) { tx in
            let user: User? = try await tx.first(
                """
                UPDATE users SET
                    email_verified = true, status = CASE status WHEN 'pending_verification' THEN 'active' ELSE status END,
                    email_verification_token_hash = NULL, email_verification_expires = NULL
                WHERE email_verification_token_hash = \(token.hash) AND email_verification_expires > now() AND deleted_at IS NULL
                RETURNING \(User.columns)
                """)
            guard let user else { return false }
            try await tx.publish(UserUpdated(user: user.snapshot))
            try await tx.publish(SecurityNoted(act: "email_verified", userID: user.id, success: true, riskLevel: Severity.low.rawValue))
            return true
        }
    }

    /// A new link for an account that is not verified; nothing for any other, nor when one was sent a moment ago.
    func resendVerification(to email: EmailAddress) async throws {
        let token = OpaqueToken.random()
        try await postgres.transaction(as: ServiceCaller()) { tx in
            let user: User? = try await tx.first(
                """
                UPDATE users SET
                    email_verification_token_hash = \(token.hash), email_verification_expires = now() + \(seconds: Lifetimes.verification)
                WHERE email = \(email.text) AND deleted_at IS NULL AND NOT email_verified AND (
                    email_verification_expires IS NULL
                    OR email_verification_expires < now() + \(seconds: Lifetimes.verification - Lifetimes.mailPause))
                RETURNING \(User.columns)
                """)
            guard let user else { return }
            try await tx.send(mail.verifyEmail(user, token))
            try await tx.publish(SecurityNoted(act: "verification_requested", userID: user.id, success: true, riskLevel: Severity.low.rawValue))
        }
    }

    func user(_ id: UUID, as caller: Caller) async throws -> User? {
        try await postgres.first(as: caller, "SELECT \(User.columns) FROM users WHERE id = \(id) AND deleted_at IS NULL")
    }

    /// Nil when there is no such account in that version (in any, when none is named).
    func change(_ id: UUID, _ change: ProfileChange, version: Int64?, as caller: Caller) async throws -> User? {
        let sets = change.assignments
        guard !sets.isEmpty else {
            let user = try await user(id, as: caller)
            return version == nil || user?.version == version ? user : nil
        }
        return try await postgres.transaction(as: caller) { tx in
            let known: User? = try await tx.first("SELECT \(User.columns) FROM users WHERE id = \(id) AND deleted_at IS NULL FOR NO KEY UPDATE")
            let before = change.consents == nil ? nil : try await ConsentStore.lock(id, tx)
            let user: User? = try await tx.first(
                """
                UPDATE users SET \(SQL.joined(sets)) WHERE id = \(id) AND deleted_at IS NULL AND version = COALESCE(\(version), version)
                RETURNING \(User.columns)
                """)
            guard let user else { return nil }
            // Another address, or none: the picture that was kept here is nobody's any more.
            if change.avatarURL.isChange, user.avatarURL != known?.avatarURL { try await AvatarStore.forget(id, tx) }
            try await tx.publish(UserUpdated(user: user.snapshot, before: known?.snapshot, changedFields: change.changedFields))
            if let before {
                try await ConsentStore.record(
                    of: id, from: before, to: user.consents, textVersion: change.consents?.textVersion ?? consentTextVersion,
                    source: .profile, tx)
            }
            return user
        }
    }

    private func user(email: EmailAddress, _ tx: Transaction) async throws -> User? {
        try await tx.first("SELECT \(User.columns) FROM users WHERE email = \(email.text) AND deleted_at IS NULL")
    }
}
