import Foundation

/// What a job goes through.
struct DiscoveryParameters: Codable, Sendable, Equatable {
    /// The listings that a scraping job has read.
    var scrapingJobID: UUID?
    var artifactIDs: [UUID]?
    var urls: [String]?
    /// The job whose results are validated anew.
    var sourceJobID: UUID?
    /// What it finds is everybody's, not the caller's own.
    var shared: Bool?

    enum CodingKeys: String, CodingKey {
        case scrapingJobID = "scraping_job_id"
        case artifactIDs = "artifact_ids"
        case urls
        case sourceJobID = "source_job_id"
        case shared
    }
}
