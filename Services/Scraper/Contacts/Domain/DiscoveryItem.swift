import Foundation
import Postgres

/// One source of a job, or one result that is validated anew.
struct DiscoveryItem: Sendable, RowDecodable {
    static let columns: SQL =
        "i.id, i.job_id, i.position, i.artifact_id, i.url, i.result_id, i.provider, i.provider_listing_id, i.attempts, i.storage_path, i.content_type, i.final_url"

    var id: UUID
    var jobID: UUID
    var position: Int
    var artifactID: UUID?
    var url: String?
    var resultID: UUID?
    var provider: String?
    var providerListingID: String?
    var attempts: Int
    /// Where what its address gave is stored, once it is, with its type and where it was in the end.
    var storagePath: String?
    var contentType: String?
    var finalURL: String?

    init(row: Row) throws {
        id = try row["id"]
        jobID = try row["job_id"]
        position = try row["position"]
        artifactID = try row["artifact_id"]
        url = try row["url"]
        resultID = try row["result_id"]
        provider = try row["provider"]
        providerListingID = try row["provider_listing_id"]
        attempts = try row["attempts"]
        storagePath = try row["storage_path"]
        contentType = try row["content_type"]
        finalURL = try row["final_url"]
    }
}
