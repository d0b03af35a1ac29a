import Foundation
import Postgres
import ServiceKit

/// One page of a job.
struct ScrapingPage: Codable, Sendable, RowDecodable {
    static let columns: SQL = """
        p.id, p.job_id, p.kind, p.position, p.url, p.status, p.reason, p.detail, p.http_status, p.content_type, p.final_url, p.artifact_id,
        p.provider_listing_id, p.fetched_at, p.created_at
        """

    enum Kind: String, WireEnumeration, PostgresEnumeration {
        case result, listing
    }

    enum Status: String, WireEnumeration, QueryValue, PostgresEnumeration {
        case pending, fetched, read, failed
    }

    var id: UUID
    var jobID: UUID
    var kind: Kind
    var position: Int
    var url: String
    var status: Status
    var reason: PageProblem.Reason?
    var detail: String?
    var httpStatus: Int?
    var contentType: String?
    var finalURL: String?
    var artifactID: UUID?
    var providerListingID: String?
    var fetchedAt: Date?
    var createdAt: Date

    init(row: Row) throws {
        id = try row["id"]
        jobID = try row["job_id"]
        kind = try row["kind"]
        position = try row["position"]
        url = try row["url"]
        status = try row["status"]
        reason = try row["reason"]
        detail = try row["detail"]
        httpStatus = try row["http_status"]
        contentType = try row["content_type"]
        finalURL = try row["final_url"]
        artifactID = try row["artifact_id"]
        providerListingID = try row["provider_listing_id"]
        fetchedAt = try row["fetched_at"]
        createdAt = try row["created_at"]
    }

    enum CodingKeys: String, CodingKey {
        case id
        case jobID = "job_id"
        case kind, position, url, status, reason, detail
        case httpStatus = "http_status"
        case contentType = "content_type"
        case finalURL = "final_url"
        case artifactID = "artifact_id"
        case providerListingID = "provider_listing_id"
        case fetchedAt = "fetched_at"
        case createdAt = "created_at"
    }
}
