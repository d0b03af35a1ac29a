import Postgres
import ServiceKit

enum ModeratorActionType: String, WireEnumeration, PostgresEnumeration, QueryValue {
    case warningIssued = "warning_issued"
    case contentRemoved = "content_removed"
    case userSuspended = "user_suspended"
    case userBanned = "user_banned"
    case accountRestricted = "account_restricted"
    case contentFlagged = "content_flagged"
    case reportDismissed = "report_dismissed"
    case escalation
    case appealReviewed = "appeal_reviewed"
    case noAction = "no_action"

    /// Whether it holds until its end or its reversal; the others only note a decision.
    var isStanding: Bool {
        switch self {
        case .warningIssued, .contentRemoved, .userSuspended, .userBanned, .accountRestricted, .contentFlagged: true
        case .reportDismissed, .escalation, .appealReviewed, .noAction: false
        }
    }

    /// Whether it is about an account, as such.
    var isAboutAccount: Bool { self == .userSuspended || self == .userBanned || self == .accountRestricted }
    var endsSessions: Bool { self == .userSuspended || self == .userBanned }
    /// Whether it is about something that somebody made.
    var isAboutContent: Bool { self == .contentRemoved || self == .contentFlagged }
    /// What comes of handling a report is noted there, and not posted by itself.
    var isOfReports: Bool { self == .reportDismissed || self == .escalation }
    /// Whether the person is told by mail.
    var isTold: Bool { isStanding && self != .contentFlagged }
}
