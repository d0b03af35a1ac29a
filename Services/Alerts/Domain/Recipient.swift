import Foundation
import Postgres

/// Whom to tell: the small copy of a user.
struct Recipient: Sendable, RowDecodable {
    var userID: UUID
    var email: String?
    var fullName: String?
    var locale: String
    var timezone: String
    var status: String

    static let columns: SQL = "user_id, email, full_name, locale, timezone, status"

    init(row: Row) throws {
        userID = try row["user_id"]
        email = try row["email"]
        fullName = try row["full_name"]
        locale = try row["locale"]
        timezone = try row["timezone"]
        status = try row["status"]
    }
}

/// A match came before its user did. Trying again later helps.
struct UnknownRecipient: Error, CustomStringConvertible {
    var userID: UUID
    var description: String { "the user \(userID.uuidString.lowercased()) is not known here yet" }
}
