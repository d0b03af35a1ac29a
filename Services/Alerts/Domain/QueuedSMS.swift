import Foundation
import Postgres

/// A text message that is due, with its lease.
struct QueuedSMS: Sendable, RowDecodable {
    var id: UUID
    var userID: UUID
    var kind: String
    var locale: String
    var sealedTo: Data
    var sealedData: [String: String]
    var attempts: Int
    var isExpired: Bool

    static let columns: SQL = "id, user_id, kind, locale, sealed_to, sealed_data, attempts, expires_at <= now() AS is_expired"

    init(row: Row) throws {
        id = try row["id"]
        userID = try row["user_id"]
        kind = try row["kind"]
        locale = try row["locale"]
        sealedTo = try row["sealed_to"]
        sealedData = try row.json("sealed_data")
        attempts = try row["attempts"]
        isExpired = try row["is_expired"]
    }
}
