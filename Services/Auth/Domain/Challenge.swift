import Foundation
import Postgres

/// A challenge as it lies in the database, with one more try taken.
struct Challenge: Sendable, RowDecodable {
    var id: UUID
    var userID: UUID
    var purpose: ChallengePurpose
    var factorID: UUID?
    var firstMethod: String
    var device: DeviceInfo?

    static let columns: SQL = "id, user_id, purpose, factor_id, first_method, device_info"

    init(row: Row) throws {
        id = try row["id"]
        userID = try row["user_id"]
        purpose = try row["purpose"]
        factorID = try row["factor_id"]
        firstMethod = try row["first_method"]
        device = try row.jsonIfPresent("device_info")
    }
}
