import Files
import Foundation
import Postgres
import ServiceKit

/// Stored files that may have lost their last name.
struct FileOrphanStore: Sendable {
    let postgres: Postgres
    let files: any FileStore

    /// A file that is named again is no orphan. Whoever says so waits for a collector that has the file in hand, and then looks whether it is still there.
    static func adopt(_ path: String, _ tx: Transaction) async throws {
        try await tx.execute("DELETE FROM file_orphans WHERE storage_path = \(path)")
    }

    /// Deletes a batch of files that nothing has named for so long, while their rows are locked, and tells how many it has looked at.
    func collect(atMost limit: Int, orphanedFor age: Duration) async throws -> Int {
        try await postgres.transaction(as: ServiceCaller()) { tx in
            let rows = try await tx.rows(
                """
                SELECT o.storage_path, EXISTS (SELECT FROM artifacts a WHERE a.storage_path = o.storage_path)
                    OR EXISTS (SELECT FROM page_copies c WHERE c.storage_path = o.storage_path)
                    OR EXISTS (SELECT FROM contact_discovery_items i WHERE i.storage_path = o.storage_path)
                    OR EXISTS (SELECT FROM contact_discovery_jobs j WHERE j.output_files @> ARRAY[o.storage_path]) AS is_named
                FROM file_orphans o WHERE o.orphaned_at <= now() - make_interval(secs => \(age / .seconds(1)))
                ORDER BY o.orphaned_at LIMIT \(limit) FOR UPDATE OF o SKIP LOCKED
                """)
            for row in rows where try !(row["is_named"] as Bool) { try await files.delete(row["storage_path"]) }
            try await tx.execute("DELETE FROM file_orphans WHERE storage_path = ANY (\(try rows.map { try $0["storage_path"] as String }))")
            return rows.count
        }
    }
}
