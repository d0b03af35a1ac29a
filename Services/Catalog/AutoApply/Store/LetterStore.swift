import Foundation
import Postgres
import ServiceKit

/// People's letters. Every statement runs as the caller, whom row-level security confines to their own.
struct LetterStore {
    let postgres: Postgres

    func find(as caller: Caller) async throws -> ApplicationLetter? {
        try await postgres.first(as: caller, "SELECT \(ApplicationLetter.columns) FROM application_letters WHERE user_id = \(caller.userID)")
    }

    /// Throws 412 when the caller knows another version than there is.
    func save(_ draft: LetterDraft, ifMatch version: Int64?, as caller: Caller) async throws -> ApplicationLetter? {
        try await postgres.transaction(as: caller) { tx in
            let known: ApplicationLetter? = try await tx.first(
                "SELECT \(ApplicationLetter.columns) FROM application_letters WHERE user_id = \(caller.userID) FOR NO KEY UPDATE")
            if let version, version != known?.version { throw APIError.versionMismatch }
            return try await tx.first(
                """
                INSERT INTO application_letters (user_id, subject, body) VALUES (\(caller.userID), \(draft.subject), \(draft.body))
                ON CONFLICT (user_id) DO UPDATE SET subject = excluded.subject, body = excluded.body RETURNING \(ApplicationLetter.columns)
                """)
        }
    }

    /// False when there is none. What waits to be sent goes on: it can be taken back by itself.
    func delete(as caller: Caller) async throws -> Bool {
        try await postgres.transaction(as: caller) { tx in
            try await tx.execute("DELETE FROM application_letters WHERE user_id = \(caller.userID)") > 0
        }
    }
}
