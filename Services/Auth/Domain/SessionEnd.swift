import Postgres

/// Why a session ended before its time.
enum SessionEnd: String, Sendable, PostgresEnumeration {
    case signedOut = "signed_out"
    case revoked
    case refreshTokenReused = "refresh_token_reused"
    case userDeleted = "user_deleted"
    case userSuspended = "user_suspended"
    case passwordChanged = "password_changed"
}
