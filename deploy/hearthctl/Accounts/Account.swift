import Contracts
import Postgres

/// A row of `auth.users`, as far as its event needs it.
struct Account: RowDecodable {
    static let columns: SQL = "id, email, full_name, first_name, last_name, locale, timezone, role, user_type, status, email_verified, version"

    var snapshot: UserSnapshot

    init(row: Row) throws {
        snapshot = UserSnapshot(
            id: try row["id"], email: try row["email"], fullName: try row["full_name"], firstName: try row["first_name"],
            lastName: try row["last_name"], locale: try row["locale"], timezone: try row["timezone"], role: try row["role"],
            userType: try row["user_type"], status: try row["status"], emailVerified: try row["email_verified"], version: try row["version"])
    }
}
