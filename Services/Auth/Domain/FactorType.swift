import Postgres
import ServiceKit

/// What a second factor is.
enum FactorType: String, WireEnumeration, PostgresEnumeration {
    /// An authenticator app (RFC 6238).
    case totp
    /// A code by mail to the account's address.
    case email
    /// A code by text message.
    case sms
}
