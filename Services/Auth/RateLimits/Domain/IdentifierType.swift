import Postgres
import ServiceKit

/// By what somebody is counted or shut out.
enum IdentifierType: String, WireEnumeration, PostgresEnumeration, QueryValue {
    case ip, user, account
    case apiKey = "api_key"
}
