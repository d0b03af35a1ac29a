import Contracts
import Foundation
import Messaging
import Postgres
import ServiceKit

/// Exports as the job sees them that collects them. Whatever a page brings is kept together with where the next one begins, so that a copy that takes over
/// goes on there and nothing is in the archive twice.
struct ExportCollectionStore: Sendable {
    /// How long one page may take before another copy takes the part over.
    static let lease = 120

    let postgres: Postgres
    let mail: AccountMail
    /// Bytes of one archive at most; files beyond are named in it and left out.
    var maximumSize: Int64 = 4 << 30
    /// Files of one archive at most.
    static let maximumEntries = 65_000

    /// A part that is due, for this worker alone until the lease ends; nil when there is none.
    func claim() async throws -> ExportPart? {
        let claim = UUID.v7()
        return try await postgres.transaction(as: ServiceCaller()) { tx in
            try await tx.first(
                """
                WITH due AS MATERIALIZED (
                    SELECT export_id, service FROM data_export_parts WHERE status = 'pending' AND due_at <= now()
                    ORDER BY due_at LIMIT 1 FOR UPDATE SKIP LOCKED
                )
                UPDATE data_export_parts p SET claim_id = \(claim), due_at = now() + \(seconds: Self.lease), attempts = attempts + 1
                FROM data_exports x, due
                WHERE p.export_id = due.export_id AND p.service = due.service AND x.id = p.export_id
                RETURNING p.export_id, x.user_id, p.service, p.next_cursor, p.attempts, p.claim_id
                """)
        }
    }

    /// Asks again later: the service is away.
    func postpone(_ part: ExportPart, seconds: Int) async throws {
        _ = try await postgres.transaction(as: ServiceCaller()) { tx in
            try await tx.execute(
                """
                UPDATE data_export_parts SET due_at = now() + \(seconds: seconds), claim_id = NULL
                WHERE export_id = \(part.exportID) AND service = \(part.service.rawValue) AND claim_id = \(part.claimID)
                """)
        }
    }

    /// Keeps what a page brought. False when the part is somebody else's by now, or the export is gone.
    func keep(_ page: PersonalDataPage, of part: ExportPart) async throws -> Bool {
        try await postgres.transaction(as: ServiceCaller()) { tx in
            // The export before its parts, in the order in which it is deleted with them: otherwise the two may wait for each other.
            let isThere = try await tx.rows("SELECT id FROM data_exports WHERE id = \(part.exportID) FOR UPDATE")
            guard !isThere.isEmpty else { return false }
            let isLast = page.nextCursor == nil
            let held = try await tx.execute(
                """
                UPDATE data_export_parts SET
                    next_cursor = \(page.nextCursor), rows = rows + \(page.rows), files = files + \(page.file?.offset == 0 ? 1 : 0), attempts = 0,
                    due_at = now() + \(seconds: Self.lease), status = CASE WHEN \(isLast) THEN 'collected' ELSE status END,
                    collected_at = CASE WHEN \(isLast) THEN now() END
                WHERE export_id = \(part.exportID) AND service = \(part.service.rawValue) AND claim_id = \(part.claimID)
                """)
            guard held == 1 else { return false }
            if !page.json.isEmpty { try await append(Data(page.json.utf8), to: Self.document, named: "\(part.service.rawValue).json", part, tx) }
            if let file = page.file { try await append(file, part, tx) }
            if isLast { try await complete(part, tx) }
            return true
        }
    }

    /// What stands for a service's own document where a file has its id.
    private static let document = UUID(uuid: (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0))

    private func append(_ file: PersonalFileChunk, _ part: ExportPart, _ tx: Transaction) async throws {
        let sizes: [Size] = try await tx.all(
            "SELECT COALESCE(sum(size), 0)::bigint AS bytes, count(*) AS entries FROM data_export_entries WHERE export_id = \(part.exportID)")
        let isRoom = sizes.allSatisfy { $0.bytes + file.size < maximumSize - (64 << 20) && $0.entries < Self.maximumEntries - 100 }
        guard file.offset > 0 || isRoom else {
            let note = "\(file.name) (\(file.size) bytes): fetch it from the service itself, the archive has no room for it.\n"
            return try await append(Data(note.utf8), to: Self.left, named: "\(part.service.rawValue)/left-out.txt", part, tx)
        }
        let name = ArchiveEntry.path(of: file.name, id: file.id, in: part.service.rawValue)
        try await append(file.bytes, to: file.id, named: name, at: file.offset, part, tx)
    }

    private static let left = UUID(uuid: (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1))

    /// Appends to an entry, which is made with its first piece. A piece of a file that was left out has no entry, and is passed over.
    private func append(
        _ bytes: Data, to id: UUID, named name: String, at offset: Int64? = nil, _ part: ExportPart, _ tx: Transaction
    ) async throws {
        let service = part.service.rawValue
        if offset ?? 0 == 0 {
            try await tx.execute(
                """
                INSERT INTO data_export_entries (id, export_id, service, file_id, name)
                VALUES (\(UUID.v7()), \(part.exportID), \(service), \(id), \(name)) ON CONFLICT DO NOTHING
                """)
        }
        let found: ArchiveEntry? = try await tx.first(
            """
            SELECT \(ArchiveEntry.columns) FROM data_export_entries
            WHERE export_id = \(part.exportID) AND service = \(service) AND file_id = \(id) FOR UPDATE
            """)
        guard let entry = found, offset == nil || entry.size == offset else { return }
        _ = try await tx.batch([
            "INSERT INTO data_export_chunks (entry_id, position, bytes) VALUES (\(entry.id), \(entry.chunks), \(bytes))",
            "UPDATE data_export_entries SET size = size + \(bytes.count), chunks = chunks + 1 WHERE id = \(entry.id)",
        ])
    }

    /// When this was the last part, the archive is there, and its owner is told.
    private func complete(_ part: ExportPart, _ tx: Transaction) async throws {
        let ready = try await tx.execute(
            """
            UPDATE data_exports SET status = 'ready', completed_at = now(), expires_at = now() + \(seconds: Lifetimes.dataExport)
            WHERE id = \(part.exportID) AND status = 'collecting'
                AND NOT EXISTS (SELECT FROM data_export_parts WHERE export_id = \(part.exportID) AND status <> 'collected')
            """)
        guard ready == 1 else { return }
        let user: User? = try await tx.first("SELECT \(User.columns) FROM users WHERE id = \(part.userID) AND deleted_at IS NULL")
        if let user { try await tx.send(mail.exportReady(user, export: part.exportID)) }
    }

    private struct Size: RowDecodable {
        var bytes: Int64
        var entries: Int
        init(row: Row) throws {
            bytes = try row["bytes"]
            entries = try row["entries"]
        }
    }
}
