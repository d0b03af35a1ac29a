import Contracts
import Files
import Foundation
import Messaging
import Postgres
import Redis
import ServiceKit

/// Documents. Statements run as the caller, so that row-level security is the second wall behind `Document.isReadable`.
struct DocumentStore {
    let postgres: Postgres
    let cache: Cache

    /// `isStored` is asked while the file's row is locked, when the collector can no longer take the bytes away: it may have done so in the moment
    /// between their upload and now, and then they are asked for again rather than a document made that points at nothing.
    func create(_ new: NewDocument, as caller: Caller, isStored: @Sendable () async throws -> Bool) async throws -> Document {
        try await postgres.transaction(as: caller) { tx in
            let rows = try await tx.batch([
                "SELECT note_stored_file(\(new.file.hash), \(new.file.path), \(new.file.size))",
                """
                INSERT INTO documents (id, agency_id, uploaded_by, filename, original_filename, file_extension, mime_type, file_size, file_hash,
                    storage_path, document_type, category, visibility, title, description, tags, status, processed_at)
                VALUES (\(UUID.v7()), \(new.agencyID), \(caller.userID), \(new.filename), \(new.originalFilename), \(new.fileExtension),
                    \(new.mimeType), \(new.file.size), \(new.file.hash), \(new.file.path), \(new.documentType), \(new.category),
                    \(new.visibility), \(new.title), \(new.description), \(new.tags), 'ready', now())
                RETURNING \(Document.columns)
                """,
            ])
            guard try await isStored() else { throw APIError.unavailable("The file could not be kept; send it again.") }
            let document = try Document(row: rows[1][0])
            try await tx.publish(
                DocumentUploaded(
                    documentID: document.id, uploadedBy: document.uploadedBy, agencyID: document.agencyID,
                    documentType: document.documentType?.rawValue, mimeType: document.mimeType, fileSize: document.fileSize,
                    fileHash: document.fileHash, version: document.version))
            return document
        }
    }

    /// Leaves stored bytes that became no document to the collector, unless somebody else's document names them.
    func abandon(_ file: StoredFile) async throws {
        try await postgres.transaction(as: ServiceCaller()) { tx in
            _ = try await tx.execute(
                """
                INSERT INTO stored_files (file_hash, storage_path, file_size, orphaned_at)
                VALUES (\(file.hash), \(file.path), \(file.size), now()) ON CONFLICT (file_hash) DO NOTHING
                """)
        }
    }

    /// From the cache (`doc:{id}`, an hour) or the database; nil when there is none or the caller may not read it.
    func find(_ id: UUID, as caller: Caller?) async throws -> Document? { try await stored(id, as: caller)?.document }

    /// The same with where its bytes lie.
    func stored(_ id: UUID, as caller: Caller?) async throws -> StoredDocument? {
        // What is not there is not remembered: anybody may ask for any number of ids.
        let known: StoredDocument
        do {
            known = try await cache.value(Self.key(id), ttl: .seconds(3600)) { [postgres] in
                let found: StoredDocument? = try await postgres.first(
                    as: ServiceCaller(),
                    """
                    SELECT \(StoredDocument.columns) FROM documents WHERE id = \(id)
                    """)
                guard let found else { throw Missing() }
                return found
            }
        } catch is Missing {
            return nil
        }
        return known.isReadable(by: caller) ? known : nil
    }

    /// Somebody's own upload with the smallest id beyond `last`.
    func upload(of user: UUID, after last: UUID?) async throws -> StoredDocument? {
        let later: SQL = last.map { "AND id > \($0)" } ?? ""
        return try await postgres.first(
            as: ServiceCaller(),
            """
            SELECT \(StoredDocument.columns) FROM documents WHERE uploaded_by = \(user) AND agency_id IS NULL \(later) ORDER BY id LIMIT 1
            """)
    }

    private static func key(_ id: UUID) -> String { "doc:\(id.uuidString.lowercased())" }

    /// One page, newest first: what the caller uploaded, or what an agency of theirs shares.
    func list(_ filter: DocumentFilter, page: PageRequest<UUID>, as caller: Caller) async throws -> Page<Document> {
        var conditions: [SQL] = ["removed_at IS NULL"]
        if let agencyID = filter.agencyID {
            conditions.append("agency_id = \(agencyID) AND (visibility IN ('team', 'agency', 'public') OR uploaded_by = \(caller.userID))")
        } else {
            conditions.append("uploaded_by = \(caller.userID)")
        }
        if let text = filter.text {
            conditions.append(
                "(search_vector @@ websearch_to_tsquery('german', \(text)) OR search_vector @@ websearch_to_tsquery('simple', \(text)))")
        }
        if let type = filter.documentType { conditions.append("document_type = \(type)") }
        if let after = page.after { conditions.append("id < \(after)") }
        let rows: [Document] = try await postgres.all(
            as: caller,
            """
            SELECT \(Document.columns) FROM documents WHERE \(SQL.joined(conditions, by: " AND ")) ORDER BY id DESC LIMIT \(page.limit + 1)
            """)
        return Page(rows, limit: page.limit) { $0.id }
    }

    /// Applies a change to the version the caller knows. Nil when there is none that the caller may change.
    func update(_ id: UUID, ifMatch version: Int64?, as caller: Caller, _ patch: DocumentPatch) async throws -> Document? {
        let updated: Document? = try await postgres.transaction(as: caller) { tx in
            guard var document = try await lock(id, as: caller, in: tx) else { return nil }
            try document.expect(version)
            let changed = try patch.apply(to: &document)
            guard !changed.isEmpty else { return document }
            let updated: Document? = try await tx.first(
                """
                UPDATE documents SET title = \(document.title), description = \(document.description), tags = \(document.tags),
                    document_type = \(document.documentType), category = \(document.category), visibility = \(document.visibility)
                WHERE id = \(id) RETURNING \(Document.columns)
                """)
            if let updated { try await tx.publish(DocumentUpdated(documentID: id, changedFields: changed, version: updated.version)) }
            return updated
        }
        // The notification does it too, but a moment later than whoever changed it may look again.
        await cache.remove(Self.key(id))
        return updated
    }

    /// False when there is none that the caller may delete. The bytes go when nothing names them any more.
    func delete(_ id: UUID, ifMatch version: Int64?, as caller: Caller) async throws -> Bool {
        let isDeleted = try await postgres.transaction(as: caller) { tx in
            guard let document = try await lock(id, as: caller, in: tx) else { return false }
            try document.expect(version)
            try await tx.execute("DELETE FROM documents WHERE id = \(id)")
            try await tx.publish(DocumentDeleted(documentID: id, version: document.version + 1))
            return true
        }
        if isDeleted { await cache.remove(Self.key(id)) }
        return isDeleted
    }

    /// What a deleted person uploaded for nobody else goes with them; an agency's documents stay with the agency.
    func deletePrivate(of user: UUID, in tx: Transaction) async throws {
        try await deleteAll("uploaded_by = \(user) AND agency_id IS NULL", in: tx)
    }

    /// What belongs to an agency goes with it, whoever uploaded it.
    func deleteAll(ofAgency agency: UUID, in tx: Transaction) async throws { try await deleteAll("agency_id = \(agency)", in: tx) }

    private func deleteAll(_ condition: SQL, in tx: Transaction) async throws {
        let deleted: [Deleted] = try await tx.all("DELETE FROM documents WHERE \(condition) RETURNING id, version")
        try await tx.publish(deleted.map { DocumentDeleted(documentID: $0.id, version: $0.version + 1) })
    }

    /// Hides a document that moderators have removed, or shows it again, unless something newer was heard of it.
    func setRemoved(_ id: UUID, _ isRemoved: Bool, version: Int64, in tx: Transaction) async throws {
        try await tx.execute(
            """
            UPDATE documents SET removed_at = CASE WHEN \(isRemoved) THEN now() END, moderation_version = \(version)
            WHERE id = \(id) AND moderation_version < \(version)
            """)
    }

    private func lock(_ id: UUID, as caller: Caller, in tx: Transaction) async throws -> Document? {
        let owner: SQL = caller.role == .administrator ? "true" : "uploaded_by = \(caller.userID) AND removed_at IS NULL"
        return try await tx.first("SELECT \(Document.columns) FROM documents WHERE id = \(id) AND \(owner) FOR UPDATE")
    }

    private struct Missing: Error {}

    private struct Deleted: RowDecodable {
        var id: UUID
        var version: Int64
        init(row: Row) throws {
            id = try row["id"]
            version = try row["version"]
        }
    }
}
