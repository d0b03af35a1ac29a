import Hummingbird
import Postgres
import ServiceKit

/// Which accounts an administrator looks for.
struct UserFilter: Sendable {
    /// How the address begins.
    var email: String?
    /// How the user name begins.
    var username: String?
    /// How the first or the last name begins.
    var name: String?
    var status: UserStatus?
    var role: PlatformRole?
    var userType: UserType?
    var isLocked: Bool?

    init(_ request: Request) throws {
        email = try request.query("email", maximum: 254)?.lowercased()
        username = try request.query("username", maximum: 50)?.lowercased()
        name = try request.query("name", maximum: 100)?.lowercased()
        status = try request.choice("status")
        role = try request.choice("role")
        userType = try request.choice("user_type")
        isLocked = try request.query("locked")
    }
}

extension Request {
    /// A query parameter out of an enumeration; 422 with the allowed values for any other.
    fileprivate func choice<Choice: WireEnumeration>(_ name: String) throws -> Choice? {
        guard let text = try query(name, maximum: 50) else { return nil }
        guard let choice = Choice(rawValue: text) else {
            let allowed = Choice.allCases.map(\.rawValue).joined(separator: ", ")
            throw APIError.invalid([FieldError("query/\(name)", "enumeration", "must be one of \(allowed)")])
        }
        return choice
    }
}
