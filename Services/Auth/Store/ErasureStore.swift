import Contracts
import Foundation
import Messaging
import Postgres
import ServiceKit

/// Erasures and their receipts, one of each service.
struct ErasureStore: Sendable {
    let postgres: Postgres

    /// Whoever holds the token may look.
    func find(_ token: OpaqueToken) async throws -> Erasure? {
        try await postgres.first(as: ServiceCaller(), "SELECT \(Erasure.columns) FROM erasures e WHERE e.token_hash = \(token.hash)")
    }

    static func open(of user: UUID, _ token: OpaqueToken, _ tx: Transaction) async throws -> UUID {
        let id = UUID.v7()
        _ = try await tx.batch([
            "INSERT INTO erasures (id, user_id, token_hash) VALUES (\(id), \(user), \(token.hash))",
            """
            INSERT INTO erasure_receipts (erasure_id, service) SELECT \(id), service
            FROM unnest(\(ServiceName.allCases.map(\.rawValue))::text[]) AS service
            """,
        ])
        return id
    }

    /// A service's receipt; the last one completes the erasure. A second one of the same service changes nothing.
    static func record(of user: UUID, by service: ServiceName, _ tables: [ErasedTable], _ tx: Transaction) async throws {
        // The erasure's row is locked, so that of the last two receipts the second sees the first.
        let id: UUID? = try await tx.value("SELECT id FROM erasures WHERE user_id = \(user) FOR UPDATE")
        guard let id else { return }
        _ = try await tx.batch([
            """
            UPDATE erasure_receipts SET received_at = now(), tables = \(JSON(tables))
            WHERE erasure_id = \(id) AND service = \(service.rawValue) AND received_at IS NULL
            """,
            """
            UPDATE erasures SET completed_at = now() WHERE id = \(id) AND completed_at IS NULL
                AND NOT EXISTS (SELECT FROM erasure_receipts WHERE erasure_id = \(id) AND received_at IS NULL)
            """,
        ])
    }
}
