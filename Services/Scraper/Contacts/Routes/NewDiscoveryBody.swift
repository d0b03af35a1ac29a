import ContactValues
import Foundation
import Outbound
import ServiceKit

/// What starts a job that looks for contacts.
struct NewDiscoveryBody: Decodable, Validated {
    var jobType: DiscoveryJobType
    var searchCriteriaID: UUID?
    var agencyID: UUID?
    var maxRetries: Int?
    var parameters: DiscoveryParameters?
    /// Result pages that are to be scraped first.
    var scrape: NewJobBody?
    var providerConfig: DiscoverySettings?

    enum CodingKeys: String, CodingKey {
        case jobType = "job_type"
        case searchCriteriaID = "search_criteria_id"
        case agencyID = "agency_id"
        case maxRetries = "max_retries"
        case parameters, scrape
        case providerConfig = "provider_config"
    }

    func validate(_ check: inout Validation) {
        check.range(maxRetries, "/max_retries", 0...10)
        let hasPage = parameters?.scrapingJobID != nil
        let hasArtifacts = parameters?.artifactIDs != nil
        let hasURLs = parameters?.urls != nil
        let hasJob = parameters?.sourceJobID != nil
        switch jobType {
        case .listingScrape:
            check(
                hasPage != (scrape != nil) && !hasArtifacts && !hasURLs && !hasJob, "/parameters", "exactly_one",
                "names a scraping_job_id, or scrape says what to read")
        case .contactExtraction:
            check(
                (hasPage ? 1 : 0) + (hasArtifacts || hasURLs ? 1 : 0) == 1 && !hasJob && scrape == nil, "/parameters", "exactly_one",
                "names a scraping_job_id, or artifact_ids and urls")
        case .validation:
            check(hasJob && !hasPage && !hasArtifacts && !hasURLs && scrape == nil, "/parameters", "exactly_one", "names a source_job_id")
        }
        if let ids = parameters?.artifactIDs {
            check((1...500).contains(ids.count), "/parameters/artifact_ids", "length", "must be 1 to 500")
            check(Set(ids).count == ids.count, "/parameters/artifact_ids", "repeated", "must name each once")
        }
        if let urls = parameters?.urls { validate(urls, &check) }
        if let config = providerConfig { validate(config, &check) }
    }

    private func validate(_ urls: [String], _ check: inout Validation) {
        check((1...20).contains(urls.count), "/parameters/urls", "length", "must be 1 to 20")
        for (index, text) in urls.prefix(20).enumerated() {
            let url = text.count <= 2000 ? URL(string: text) : nil
            check(
                url.map { HostPort($0) != nil } ?? false, "/parameters/urls/\(index)", "format",
                "must be an http or https address of at most 2000 characters")
        }
    }

    private func validate(_ config: DiscoverySettings, _ check: inout Validation) {
        check.range(config.minimumConfidence, "/provider_config/min_confidence", 0...1)
        let fields = ContactField.allCases.map(\.rawValue).joined(separator: ", ")
        for (index, name) in (config.fields ?? []).enumerated() {
            check(ContactField(rawValue: name) != nil, "/provider_config/fields/\(index)", "unknown", "must be one of: \(fields)")
        }
        check(config.fields.map { (1...5).contains($0.count) } ?? true, "/provider_config/fields", "length", "must be 1 to 5")
        check(
            config.contactType.map(Self.types.contains) ?? true, "/provider_config/contact_type", "unknown",
            "must be one of: \(Self.types.sorted().joined(separator: ", "))")
    }

    private static let types: Set<String> = ["landlord", "agent", "owner", "contact_person"]
}
