import Foundation
import Postgres

/// Why a page gave nothing. Recorded with the page; it never ends a job.
struct PageProblem: Error, Sendable, Equatable {
    /// The reasons of `scraper.page.failed.v1`.
    enum Reason: String, Sendable, Codable, CaseIterable, PostgresEnumeration {
        case robotsDisallowed = "robots_disallowed"
        case botWall = "bot_wall"
        case httpStatus = "http_status"
        case tooLarge = "too_large"
        case timeout
        case network
        case unreadable
        /// It was read, and is none of the homes that the catalogue holds.
        case notForRent = "not_for_rent"
    }

    var reason: Reason
    var detail: String
    /// The status that came, when one came.
    var httpStatus: Int?

    /// When the site is to be asked again, where it has said so.
    var notBefore: Date?

    /// A site that wants to be left alone was: nothing was asked of it.
    static func resting(for time: Duration) -> PageProblem {
        var problem = PageProblem(.timeout, "the site wants to be left alone for another \(time.components.seconds) seconds")
        problem.notBefore = Date(timeIntervalSinceNow: time / .seconds(1))
        return problem
    }
    var isRest: Bool { notBefore != nil && reason == .timeout }

    /// Whether the same page may well come another time: the network, a busy or broken server.
    var mayPass: Bool {
        switch reason {
        case .network, .timeout: true
        case .httpStatus: httpStatus == 429 || (500..<600).contains(httpStatus ?? 0)
        default: false
        }
    }

    init(_ reason: Reason, _ detail: String, httpStatus: Int? = nil) {
        self.reason = reason
        self.detail = detail
        self.httpStatus = httpStatus
    }
}
