import Contracts
import Foundation
import Messaging
import Postgres
import ServiceKit

/// The history of consents: a row for every change, never changed itself.
struct ConsentStore: Sendable {
    /// Where a person was asked.
    enum Source: String, Sendable, PostgresEnumeration { case registration, profile }

    let postgres: Postgres

    /// One's own history, the newest first.
    func list(after last: UUID?, limit: Int, as caller: Caller) async throws -> [ConsentRecord] {
        let older: SQL = last.map { "AND id < \($0)" } ?? ""
        return try await postgres.all(
            as: caller,
            """
            SELECT \(ConsentRecord.columns) FROM consent_records WHERE user_id = \(caller.userID) \(older) ORDER BY id DESC LIMIT \(limit + 1)
            """)
    }

    /// The consents as they are, locked until the transaction ends.
    static func lock(_ user: UUID, _ tx: Transaction) async throws -> Consents? {
        try await tx.first("SELECT \(Consents.columns) FROM users WHERE id = \(user) AND deleted_at IS NULL FOR UPDATE")
    }

    /// A row and an event for each consent that changed.
    static func record(
        of user: UUID, from before: Consents, to after: Consents, textVersion: String, source: Source, client: ClientInfo = .current(),
        _ tx: Transaction
    ) async throws {
        let changed = ConsentPurpose.allCases.filter { before[$0] != after[$0] }
        guard !changed.isEmpty else { return }
        _ = try await tx.batch(
            changed.map { purpose in
                """
                INSERT INTO consent_records (id, user_id, purpose, is_given, text_version, source, ip_address, user_agent)
                VALUES (
                    \(UUID.v7()), \(user), \(purpose), \(after[purpose]), \(textVersion), \(source), \(client.ipAddress)::inet, \(client.userAgent))
                """
            })
        try await tx.publish(
            changed.map { ConsentChanged(userID: user, purpose: $0.rawValue, isGiven: after[$0], textVersion: textVersion) })
    }
}
