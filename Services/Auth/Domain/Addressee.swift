import Foundation
import Postgres

/// Whom an invitation goes to, and from whom it comes.
struct Addressee: Sendable, RowDecodable {
    /// Nil when nobody has an account with that address.
    var userID: UUID?
    var firstName: String?
    var email: String
    var locale: String
    var inviter: String?

    init(row: Row) throws {
        userID = try row["user_id"]
        firstName = try row["first_name"]
        email = try row["email"]
        locale = try row["locale"]
        inviter = try row["inviter"]
    }
}
