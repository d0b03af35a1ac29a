import Foundation
import Postgres

/// A file of an archive.
struct ArchiveEntry: Sendable, RowDecodable {
    static let columns: SQL = "id, name, size, chunks"

    var id: UUID
    var name: String
    var size: Int64
    var chunks: Int

    init(row: Row) throws {
        id = try row["id"]
        name = try row["name"]
        size = try row["size"]
        chunks = try row["chunks"]
    }

    /// A name that is unique in an archive, stays in its folder and can be unpacked anywhere.
    static func path(of name: String, id: UUID, in service: String) -> String {
        let safe = name.unicodeScalars.map { scalar in
            scalar.properties.generalCategory == .control || "/\\:*?\"<>|".unicodeScalars.contains(scalar) ? "_" : Character(scalar)
        }
        let short = String(id.uuidString.lowercased().suffix(12))
        return "\(service)/files/\(short)-\(String(safe.suffix(150)))"
    }
}
