import Contracts
import Foundation
import Messaging
import Postgres
import ServiceKit

/// What time does to contacts, in small batches.
struct ContactUpkeepStore: Sendable {
    static let batch = 200

    let postgres: Postgres

    /// Deletes a batch of those whose time is over, and tells how many. Copies share the work.
    func eraseExpired() async throws -> Int {
        try await postgres.transaction(as: ServiceCaller()) { tx in
            let gone = try await tx.rows(
                """
                DELETE FROM contacts WHERE id IN (
                    SELECT id FROM contacts WHERE retain_until < now() ORDER BY retain_until LIMIT \(Self.batch) FOR UPDATE SKIP LOCKED)
                RETURNING id
                """)
            for row in gone { try await tx.publish(ContactErased(contactID: try row["id"], reason: "retention")) }
            return gone.count
        }
    }

    /// A batch of listings that nobody has seen for as long as a contact is kept: they say no more whom to turn to.
    func silenceOldListings() async throws -> Int {
        try await postgres.transaction(as: ServiceCaller()) { tx in
            try await tx.execute(
                """
                UPDATE listings SET contact_name = NULL, contact_phone_encrypted = NULL, contact_email_encrypted = NULL, version = version + 1
                WHERE id IN (
                    SELECT id FROM listings WHERE last_seen_at < now() - interval '180 days'
                        AND num_nonnulls(contact_name, contact_phone_encrypted, contact_email_encrypted) > 0
                    ORDER BY last_seen_at LIMIT \(Self.batch) FOR UPDATE SKIP LOCKED)
                """)
        }
    }

    /// Decisions are kept for three years, to show that they were made.
    func forgetDecisions() async throws -> Int {
        try await postgres.transaction(as: ServiceCaller()) { tx in
            try await tx.execute(
                """
                DELETE FROM contact_objections WHERE id IN (
                    SELECT id FROM contact_objections WHERE decided_at < now() - interval '3 years' LIMIT \(Self.batch) FOR UPDATE SKIP LOCKED)
                """)
        }
    }

    /// A person who is gone: their contacts go, and what they did for others names nobody any more.
    func eraseAll(of user: UUID, in tx: Transaction) async throws {
        let gone = try await tx.rows("DELETE FROM contacts WHERE user_id = \(user) RETURNING id")
        for row in gone { try await tx.publish(ContactErased(contactID: try row["id"], reason: "user_deleted")) }
        try await tx.execute("UPDATE contacts SET created_by = NULL WHERE created_by = \(user)")
        try await tx.execute("UPDATE contacts SET updated_by = NULL WHERE updated_by = \(user)")
        try await tx.execute("UPDATE contact_merges SET decided_by = NULL WHERE decided_by = \(user)")
        try await tx.execute("UPDATE contact_blacklist SET created_by = NULL WHERE created_by = \(user)")
        try await tx.execute("UPDATE contact_objections SET decided_by = NULL WHERE decided_by = \(user)")
    }
}
