import Postgres

/// A document and where its bytes lie, as the cache keeps it. The place is never answered.
struct StoredDocument: Codable, Sendable, RowDecodable {
    var document: Document
    var path: String

    init(row: Row) throws {
        document = try Document(row: row)
        path = try row["storage_path"]
    }
}
