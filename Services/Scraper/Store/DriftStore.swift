import Contracts
import Foundation
import Messaging
import Postgres
import ServiceKit

/// Readers against their own past.
struct DriftStore: Sendable {
    let postgres: Postgres

    func shares(as context: any RowSecurityContext) async throws -> [ReaderShare] {
        try await postgres.all(
            as: context,
            "SELECT * FROM reader_shares(\(ReaderShare.recentPages)::int, \(ReaderShare.pastPages)::int) ORDER BY provider, field LIMIT 2000")
    }

    /// The newest first.
    func list(provider: String?, open: Bool?, after: ListKey?, limit: Int, as caller: Caller) async throws -> [ReaderDrift] {
        let provider: SQL = provider.map { "AND d.provider = \($0)" } ?? ""
        let open: SQL = open.map { "AND (d.resolved_at IS NULL) = \($0)" } ?? ""
        let after: SQL = after.map { "AND (d.raised_at, d.id) < (\($0.createdAt), \($0.id))" } ?? ""
        return try await postgres.all(
            as: caller,
            """
            SELECT \(ReaderDrift.columns) FROM reader_drifts d WHERE true \(provider) \(open) \(after)
            ORDER BY d.raised_at DESC, d.id DESC LIMIT \(limit + 1)
            """)
    }

    /// Raises what has fallen, once however many copies look, and ends what has recovered. Gives what was raised.
    func watch() async throws -> [ReaderDrift] {
        let shares = try await shares(as: ServiceCaller())
        return try await postgres.transaction(as: ServiceCaller()) { tx in
            var raised: [ReaderDrift] = []
            for share in shares where share.hasFallen {
                let new: ReaderDrift? = try await tx.first(
                    """
                    INSERT INTO reader_drifts AS d (id, provider, field, past_share, recent_share, past_pages, recent_pages)
                    VALUES (\(UUID.v7()), \(share.provider), \(share.field), round(\(share.past)::numeric, 3), round(\(share.recent)::numeric, 3),
                            \(share.pastPages), \(share.recentPages))
                    ON CONFLICT (provider, field) WHERE resolved_at IS NULL DO NOTHING RETURNING \(ReaderDrift.columns)
                    """)
                guard let new else { continue }
                raised.append(new)
                try await tx.publish(
                    ReaderDrifted(
                        driftID: new.id, provider: new.provider, field: new.field, pastShare: new.pastShare, recentShare: new.recentShare,
                        pages: new.recentPages))
            }
            for share in shares where share.hasRecovered {
                try await tx.execute(
                    "UPDATE reader_drifts SET resolved_at = now() WHERE provider = \(share.provider) AND field = \(share.field) AND resolved_at IS NULL"
                )
            }
            return raised
        }
    }
}
