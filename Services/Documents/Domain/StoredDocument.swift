import Postgres
import ServiceKit

/// A document, where its bytes lie and whether moderators have removed it, as the cache keeps it. The place is never answered.
struct StoredDocument: Codable, Sendable, RowDecodable {
    static let columns: SQL = "\(Document.columns), storage_path, removed_at IS NOT NULL AS is_removed"

    var document: Document
    var path: String
    var isRemoved: Bool

    init(row: Row) throws {
        document = try Document(row: row)
        path = try row["storage_path"]
        isRemoved = try row["is_removed"]
    }

    /// What moderators have removed only administrators see.
    func isReadable(by caller: Caller?) -> Bool {
        (!isRemoved || caller?.role == .administrator) && document.isReadable(by: caller)
    }
}
