import Postgres
import ServiceKit

/// One thing that a fetcher did, or left.
struct FetchDecision: Sendable {
    enum Kind: String, WireEnumeration, PostgresEnumeration {
        case fetched
        case notModified = "not_modified"
        case redirected
        /// An answer or failure that may pass: it was tried again.
        case retried
        /// Not asked for: robots.txt or the address forbid it.
        case refused
        case failed
    }

    var url: String
    var decision: Kind
    var reason: String?
    var detail: String?
    var httpStatus: Int?
    var bytes: Int?
    /// For its turn.
    var waited: Duration = .zero
    var took: Duration = .zero

    init(_ decision: Kind, _ url: String, _ problem: PageProblem? = nil) {
        self.url = url
        self.decision = decision
        reason = problem?.reason.rawValue
        detail = problem?.detail
        httpStatus = problem?.httpStatus
    }
}
