import Foundation

/// What a job is told in `job_configurations`.
struct JobSettings: Sendable, Equatable {
    static let jobType = "listing_scrape"
    static let mostPages = 50

    var provider: String
    var resultURL: URL
    /// Result pages to follow.
    var maxPages: Int

    init(provider: String, resultURL: URL, maxPages: Int) {
        self.provider = provider
        self.resultURL = resultURL
        self.maxPages = maxPages
    }

    /// Nil when the rows do not make a job that can run.
    init?(_ configuration: [String: String]) {
        guard let provider = configuration["provider"], let url = configuration["result_url"].flatMap({ URL(string: $0) }) else { return nil }
        self.init(provider: provider, resultURL: url, maxPages: configuration["max_pages"].flatMap(Int.init) ?? 1)
    }

    var rows: [String: String] {
        ["provider": provider, "result_url": resultURL.absoluteString, "max_pages": String(maxPages)]
    }
}
