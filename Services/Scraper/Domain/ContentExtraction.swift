import Foundation
import Postgres
import ServiceKit

/// What was read from an artifact at one time, with the place of each field.
struct ContentExtraction: Codable, Sendable, RowDecodable {
    static let columns: SQL = """
        e.id, e.artifact_id, e.job_id, e.extraction_type, e.extracted_data, e.confidence_score, e.provider, e.provider_listing_id, e.fields,
        e.fetched_at, e.created_at
        """

    enum Kind: String, WireEnumeration, QueryValue, PostgresEnumeration {
        case listing
        case resultPage = "result_page"
    }

    var id: UUID
    var artifactID: UUID
    var jobID: UUID?
    var extractionType: Kind
    var extractedData: JSONValue?
    var confidenceScore: Decimal?
    var provider: String
    var providerListingID: String?
    var fields: [String]
    var fetchedAt: Date
    var createdAt: Date

    init(row: Row) throws {
        id = try row["id"]
        artifactID = try row["artifact_id"]
        jobID = try row["job_id"]
        extractionType = try row["extraction_type"]
        extractedData = try row.json("extracted_data", as: JSONValue?.self)
        confidenceScore = try row["confidence_score"]
        provider = try row["provider"]
        providerListingID = try row["provider_listing_id"]
        fields = try row["fields"]
        fetchedAt = try row["fetched_at"]
        createdAt = try row["created_at"]
    }

    enum CodingKeys: String, CodingKey {
        case id
        case artifactID = "artifact_id"
        case jobID = "job_id"
        case extractionType = "extraction_type"
        case extractedData = "extracted_data"
        case confidenceScore = "confidence_score"
        case provider
        case providerListingID = "provider_listing_id"
        case fields
        case fetchedAt = "fetched_at"
        case createdAt = "created_at"
    }
}
