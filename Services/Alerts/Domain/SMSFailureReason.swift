import Postgres

/// Why a text message was not sent.
enum SMSFailureReason: String, Sendable, PostgresEnumeration {
    case noProvider = "no_provider"
    case rejected
    case retriesExhausted = "retries_exhausted"
    case expired
    case unreadable
}
