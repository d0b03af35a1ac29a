import Foundation
import Postgres

/// A passkey with what it takes to verify its signatures.
struct StoredPasskey: Sendable, RowDecodable {
    var id: UUID
    var userID: UUID
    var publicKey: Data
    var algorithm: Int32
    var signCount: Int64

    static let columns: SQL = "id, user_id, public_key, algorithm, sign_count"

    init(id: UUID, userID: UUID, publicKey: Data, algorithm: Int32, signCount: Int64) {
        self.id = id
        self.userID = userID
        self.publicKey = publicKey
        self.algorithm = algorithm
        self.signCount = signCount
    }

    init(row: Row) throws {
        id = try row["id"]
        userID = try row["user_id"]
        publicKey = try row["public_key"]
        algorithm = try row["algorithm"]
        signCount = try row["sign_count"]
    }
}
