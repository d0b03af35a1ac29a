import Postgres
import ServiceKit

enum UserStatus: String, WireEnumeration, PostgresEnumeration {
    case active, inactive
    case pendingVerification = "pending_verification"
    case suspended, deleted

    /// Whether somebody of this status may hold a session.
    var mayHoldSession: Bool { self == .active || self == .pendingVerification }
    /// Whether somebody of this status may begin one: an account that its owner had put to rest wakes with it.
    var maySignIn: Bool { mayHoldSession || self == .inactive }
}
