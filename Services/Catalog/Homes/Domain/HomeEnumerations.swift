import Postgres
import ServiceKit

enum PropertyType: String, PostgresEnumeration, WireEnumeration, QueryValue {
    case apartment, house, room, studio
}

enum SearchFrequency: String, PostgresEnumeration, WireEnumeration {
    case immediate, hourly, daily, weekly
}
