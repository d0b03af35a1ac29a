import Postgres
import ServiceKit

enum UserStatus: String, WireEnumeration, PostgresEnumeration {
    case active, inactive
    case pendingVerification = "pending_verification"
    case suspended, deleted

    /// Whether somebody of this status may hold a session.
    var maySignIn: Bool { self == .active || self == .pendingVerification }
    /// Whether signing in wakes the account: its owner had put it to rest.
    var wakes: Bool { self == .inactive }
}
