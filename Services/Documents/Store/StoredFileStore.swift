import Files
import Postgres
import ServiceKit

/// Stored bytes that no document names any more.
struct StoredFileStore {
    let postgres: Postgres
    let files: FolderFileStore

    /// The bytes go while their row is locked, and the row with the commit. Whoever uploads the same bytes meanwhile waits for that lock, and then sees
    /// that they are gone; a crash between leaves a row without bytes, which the next round removes.
    func collect(atMost limit: Int, orphanedFor age: Duration) async throws -> Int {
        try await postgres.transaction(as: ServiceCaller()) { tx in
            let orphans: [Orphan] = try await tx.all(
                """
                SELECT file_hash, storage_path FROM stored_files
                WHERE orphaned_at <= now() - \(age.components.seconds) * interval '1 second'
                ORDER BY orphaned_at LIMIT \(limit) FOR UPDATE SKIP LOCKED
                """)
            for orphan in orphans { try await files.delete(orphan.path) }
            return try await tx.execute("DELETE FROM stored_files WHERE file_hash = ANY (\(orphans.map(\.hash)))")
        }
    }

    private struct Orphan: RowDecodable {
        var hash: String
        var path: String
        init(row: Row) throws {
            hash = try row["file_hash"]
            path = try row["storage_path"]
        }
    }
}
