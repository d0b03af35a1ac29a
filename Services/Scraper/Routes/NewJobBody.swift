import Foundation
import Outbound
import ServiceKit

/// What starts a job. The provider may be left out where the address tells it.
struct NewJobBody: Decodable, Validated {
    var provider: String?
    var resultURL: String
    var title: String?
    var description: String?
    var keywords: [String]?
    var maxPages: Int?
    var maxAttempts: Int?
    var schedule: String?
    var agencyID: UUID?

    enum CodingKeys: String, CodingKey {
        case provider
        case resultURL = "result_url"
        case title, description, keywords
        case maxPages = "max_pages"
        case maxAttempts = "max_attempts"
        case schedule
        case agencyID = "agency_id"
    }

    func validate(_ check: inout Validation) {
        check(url.map { HostPort($0) != nil } ?? false, "/result_url", "format", "must be an http or https address of at most 2000 characters")
        let providers = Readers.all.map(\.provider).joined(separator: ", ")
        check(provider == nil || reader != nil, "/provider", "unknown", "must be one of: \(providers)")
        check(
            provider != nil || url == nil || reader != nil, "/provider", "required", "is needed, as the address is of no known provider: \(providers)"
        )
        check.text(title, "/title", maximum: 255)
        check.text(description, "/description", maximum: 2000, multiline: true)
        check((keywords?.count ?? 0) <= 50, "/keywords", "length", "must be at most 50")
        for (index, keyword) in (keywords ?? []).enumerated() { check.text(keyword, "/keywords/\(index)", maximum: 100) }
        check.range(maxPages, "/max_pages", 1...JobSettings.mostPages)
        check.range(maxAttempts, "/max_attempts", 1...JobSettings.mostAttempts)
        check(
            schedule == nil || Schedule(schedule ?? "") != nil, "/schedule", "format",
            "must be hourly, daily, weekly or a duration such as PT30M, of 15 minutes to a year")
    }

    private var url: URL? { resultURL.count <= 2000 ? URL(string: resultURL) : nil }
    private var reader: (any ListingReader)? { provider.map { Readers.named($0) } ?? url.flatMap { Readers.recognising($0) } }

    /// The job for this caller, in the agency named or, when there is only one, that one. A provider's pages are read at its own address alone, or at a
    /// server that the configuration names.
    func job(for caller: Caller, allowed: Set<HostPort>) throws -> JobStore.NewJob {
        guard let url, let server = HostPort(url), let reader else {
            throw APIError.invalid([FieldError("/result_url", "format", "must be an http or https address")])
        }
        guard reader.believes(url) || allowed.contains(server) else {
            throw APIError.invalid([FieldError("/result_url", "foreign", "is no address of \(reader.provider)")])
        }
        let agencies = caller.agencies(where: .scrapingRun)
        if let agencyID, !agencies.contains(agencyID) { throw APIError.forbidden }
        let agency = agencyID ?? (agencies.count == 1 ? agencies[0] : nil)
        return JobStore.NewJob(
            title: title ?? "\(reader.provider): \(url.host() ?? "")".prefix(255).description, description: description, keywords: keywords ?? [],
            agencyID: agency,
            settings: JobSettings(
                provider: reader.provider, resultURL: url, maxPages: maxPages ?? JobSettings.mostPages,
                maxAttempts: maxAttempts ?? JobSettings.standardAttempts),
            schedule: schedule.flatMap { Schedule($0) })
    }
}
