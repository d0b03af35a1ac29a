import Postgres
import ServiceKit

/// What a person came for. It never gives a right.
enum UserType: String, WireEnumeration, PostgresEnumeration {
    case seeker, adopter, agent
    case rescueStaff = "rescue_staff"
}
