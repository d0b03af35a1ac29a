import Foundation
import Postgres

/// A passkey as its owner sees it.
struct Passkey: Codable, Sendable {
    var id: UUID
    var label: String
    var aaguid: UUID?
    var transports: [String]
    /// Whether it is kept with an account of its maker, and so on more devices than one.
    var isBackedUp: Bool
    var lastUsedAt: Date?
    var createdAt: Date

    enum CodingKeys: String, CodingKey {
        case id, label, aaguid, transports
        case isBackedUp = "is_backed_up"
        case lastUsedAt = "last_used_at"
        case createdAt = "created_at"
    }
}

extension Passkey: RowDecodable {
    static let columns: SQL = "id, label, aaguid, transports, is_backed_up, last_used_at, created_at"

    init(row: Row) throws {
        id = try row["id"]
        label = try row["label"]
        aaguid = try row["aaguid"]
        transports = try row["transports"]
        isBackedUp = try row["is_backed_up"]
        lastUsedAt = try row["last_used_at"]
        createdAt = try row["created_at"]
    }
}
