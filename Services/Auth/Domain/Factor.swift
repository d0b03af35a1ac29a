import Foundation
import Postgres

/// A second factor as its owner sees it.
struct Factor: Codable, Sendable {
    var id: UUID
    var factorType: FactorType
    var label: String?
    /// The last digits of a telephone number.
    var hint: String?
    var isConfirmed: Bool
    var lastUsedAt: Date?
    var createdAt: Date

    enum CodingKeys: String, CodingKey {
        case id, label, hint
        case factorType = "factor_type"
        case isConfirmed = "is_confirmed"
        case lastUsedAt = "last_used_at"
        case createdAt = "created_at"
    }
}

extension Factor: RowDecodable {
    static let columns: SQL = "id, factor_type, label, hint, confirmed_at IS NOT NULL AS is_confirmed, last_used_at, created_at"

    init(row: Row) throws {
        id = try row["id"]
        factorType = try row["factor_type"]
        label = try row["label"]
        hint = try row["hint"]
        isConfirmed = try row["is_confirmed"]
        lastUsedAt = try row["last_used_at"]
        createdAt = try row["created_at"]
    }
}
