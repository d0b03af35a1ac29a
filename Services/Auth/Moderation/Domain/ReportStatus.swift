import Postgres
import ServiceKit

enum ReportStatus: String, WireEnumeration, PostgresEnumeration, QueryValue {
    case pending, resolved, dismissed, escalated
    case underReview = "under_review"

    var isOpen: Bool { self == .pending || self == .underReview || self == .escalated }
}
