import Foundation

/// What a job is told in `job_configurations`.
struct JobSettings: Sendable, Equatable {
    static let jobType = "listing_scrape"
    /// Reads what another job fetched, and fetches nothing.
    static let replayType = "listing_replay"
    static let jobTypes = [jobType, replayType]
    static let mostPages = 50
    static let mostAttempts = 10
    /// How often a job is taken up that comes no further, and a page whose reading does not end.
    static let mostClaims = 8
    static let mostReadings = 3
    /// How often a page is tried that fails for a passing reason.
    static let standardAttempts = 3

    var provider: String
    var resultURL: URL
    /// Result pages to follow.
    var maxPages: Int
    var maxAttempts: Int

    init(provider: String, resultURL: URL, maxPages: Int, maxAttempts: Int = Self.standardAttempts) {
        self.provider = provider
        self.resultURL = resultURL
        self.maxPages = maxPages
        self.maxAttempts = maxAttempts
    }

    /// Nil when the rows do not make a job that can run.
    init?(_ configuration: [String: String]) {
        guard let provider = configuration["provider"], let url = configuration["result_url"].flatMap({ URL(string: $0) }) else { return nil }
        self.init(
            provider: provider, resultURL: url, maxPages: configuration["max_pages"].flatMap(Int.init) ?? 1,
            maxAttempts: configuration["max_attempts"].flatMap(Int.init) ?? Self.standardAttempts)
    }

    var rows: [String: String] {
        ["provider": provider, "result_url": resultURL.absoluteString, "max_pages": String(maxPages), "max_attempts": String(maxAttempts)]
    }
}
