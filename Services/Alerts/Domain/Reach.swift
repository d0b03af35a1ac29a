import Postgres
import ServiceKit

/// How many of a person's channels tell one thing.
enum Reach: String, PostgresEnumeration, WireEnumeration {
    /// The primary one, and the next where it fails.
    case primary
    /// Each that takes the kind.
    case all
}
