import Postgres
import ServiceKit

enum JobStatus: String, WireEnumeration, QueryValue, PostgresEnumeration {
    case pending, running, completed, failed, cancelled
}
