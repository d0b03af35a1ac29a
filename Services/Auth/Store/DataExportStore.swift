import Contracts
import Foundation
import Messaging
import Postgres
import ServiceKit

/// Exports as their owners see them.
struct DataExportStore: Sendable {
    /// Ticks when an export was asked for by this process.
    static let signal = "data_exports"

    let postgres: Postgres

    /// Takes the place of the archive of before. Throws `APIError`: 409 while another one is being collected.
    func start(as caller: Caller) async throws -> DataExport {
        let id = UUID.v7()
        do {
            let export: DataExport? = try await postgres.transaction(as: ServiceCaller()) { tx in
                _ = try await tx.batch([
                    "DELETE FROM data_exports WHERE user_id = \(caller.userID) AND status = 'ready'",
                    """
                    INSERT INTO data_exports (id, user_id, expires_at) VALUES (\(id), \(caller.userID), now() + \(seconds: Lifetimes.dataExport))
                    """,
                    """
                    INSERT INTO data_export_parts (export_id, service) SELECT \(id), service
                    FROM unnest(\(ServiceName.allCases.map(\.rawValue))::text[]) AS service
                    """,
                ])
                try await tx.publish(DataExportRequested(exportID: id, userID: caller.userID))
                tx.signal(Self.signal)
                return try await tx.first("SELECT \(DataExport.columns) FROM data_exports x WHERE x.id = \(id)")
            }
            guard let export else { throw APIError.notFound("export") }
            return export
        } catch let error as PostgresError where error.constraint == "data_exports_open_key" {
            throw APIError.conflict("export-in-progress", "An export is being collected already.")
        }
    }

    func list(after last: UUID?, limit: Int, as caller: Caller) async throws -> [DataExport] {
        let older: SQL = last.map { "AND x.id < \($0)" } ?? ""
        return try await postgres.all(
            as: caller,
            """
            SELECT \(DataExport.columns) FROM data_exports x WHERE x.user_id = \(caller.userID) AND x.expires_at > now() \(older)
            ORDER BY x.id DESC LIMIT \(limit + 1)
            """)
    }

    func find(_ id: UUID, as caller: Caller) async throws -> DataExport? {
        try await postgres.first(
            as: caller,
            """
            SELECT \(DataExport.columns) FROM data_exports x WHERE x.id = \(id) AND x.user_id = \(caller.userID) AND x.expires_at > now()
            """)
    }

    /// False when there is none of the caller's.
    func delete(_ id: UUID, as caller: Caller) async throws -> Bool {
        try await postgres.transaction(as: ServiceCaller()) { tx in
            try await tx.execute("DELETE FROM data_exports WHERE id = \(id) AND user_id = \(caller.userID)") == 1
        }
    }

    /// The files of an archive, in its order.
    func entries(of id: UUID, as caller: Caller) async throws -> [ArchiveEntry] {
        try await postgres.all(
            as: caller,
            """
            SELECT \(ArchiveEntry.columns) FROM data_export_entries WHERE export_id = \(id) ORDER BY name LIMIT \(ExportCollectionStore.maximumEntries)
            """)
    }

    /// Takes note that somebody fetches all that is held of them.
    func noteDownload(by caller: Caller) async throws {
        try await postgres.transaction(as: caller) { tx in
            try await tx.publish(SecurityNoted(act: "export_downloaded", userID: caller.userID, success: true, riskLevel: Severity.high.rawValue))
        }
    }

    /// A piece of a file; nil when the export has been deleted meanwhile.
    func chunk(_ position: Int, of entry: UUID, as caller: Caller) async throws -> Data? {
        let found: Chunk? = try await postgres.first(
            as: caller, "SELECT bytes FROM data_export_chunks WHERE entry_id = \(entry) AND position = \(position)")
        return found?.bytes
    }

    private struct Chunk: RowDecodable {
        var bytes: Data
        init(row: Row) throws { bytes = try row["bytes"] }
    }
}
