import ServiceKit

extension APIError {
    static let alreadyReported = APIError.conflict("already-reported", "You have reported this already; it is being looked at.")
    static let reportClosed = APIError.conflict("report-closed", "This report is closed, or has changed since you read it.")
    static let actionOver = APIError.conflict("action-over", "This action does not hold any more, or never did more than note a decision.")

    static func tooManyReports(limit: Int) -> APIError {
        APIError(
            .tooManyRequests, "report-limit", "You have filed many reports today.", detail: "At most \(limit) are taken in 24 hours.",
            headers: [.retryAfter: "3600"])
    }

    /// A moderator acts on users, an administrator on everybody, nobody on themselves.
    static let beyondModerator = APIError(
        .forbidden, "beyond-moderator", "You may not act on this account.",
        detail: "Moderators act on users, administrators on moderators and administrators too, nobody on themselves.")

    static func unknown(_ pointer: String, _ what: String) -> APIError { .invalid([FieldError(pointer, "unknown", "is no \(what)")]) }
}
