import Postgres
import ServiceKit

enum UserStatus: String, WireEnumeration, PostgresEnumeration {
    case active, inactive
    case pendingVerification = "pending_verification"
    case suspended, deleted

    /// Whether somebody of this status may hold a session.
    var maySignIn: Bool { self == .active || self == .pendingVerification }
}
