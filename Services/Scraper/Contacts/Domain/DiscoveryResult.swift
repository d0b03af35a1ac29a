import Foundation
import Postgres
import ServiceKit

/// Whom one source names, as lists show it: which values there are and how sure they are, and not what they say.
struct DiscoveryResult: Codable, Sendable, RowDecodable {
    static let columns: SQL = """
        r.id, r.job_id, r.listing_id, r.contact_id, r.provider, r.provider_listing_id, r.source_url, r.contact_type, r.extraction_method,
        r.confidence_score, r.field_confidence, r.field_methods, r.validation_status, r.validation_errors, r.data_completeness,
        r.extraction_accuracy, r.duplicate_probability, r.processing_time_ms, r.processing_timestamp, r.is_final, r.is_accepted, r.rejection_reason,
        r.created_at
        """

    var id: UUID
    var jobID: UUID
    var listingID: UUID?
    var contactID: UUID?
    var provider: String?
    var providerListingID: String?
    var sourceURL: String?
    var contactType: String
    var extractionMethod: DiscoveryMethod
    var confidenceScore: Decimal
    var fieldConfidence: [String: Double]
    var fieldMethods: [String: String]
    var validationStatus: ValidationStatus
    var validationErrors: [String]
    var dataCompleteness: Decimal?
    var extractionAccuracy: Decimal?
    var duplicateProbability: Decimal?
    var processingTimeMs: Int?
    var processingTimestamp: Date
    var isFinal: Bool
    var isAccepted: Bool
    var rejectionReason: String?
    var createdAt: Date

    init(row: Row) throws {
        id = try row["id"]
        jobID = try row["job_id"]
        listingID = try row["listing_id"]
        contactID = try row["contact_id"]
        provider = try row["provider"]
        providerListingID = try row["provider_listing_id"]
        sourceURL = try row["source_url"]
        contactType = try row["contact_type"]
        extractionMethod = try row["extraction_method"]
        confidenceScore = try row["confidence_score"]
        fieldConfidence = try row.json("field_confidence")
        fieldMethods = try row.json("field_methods")
        validationStatus = try row["validation_status"]
        validationErrors = try row["validation_errors"]
        dataCompleteness = try row["data_completeness"]
        extractionAccuracy = try row["extraction_accuracy"]
        duplicateProbability = try row["duplicate_probability"]
        processingTimeMs = try row["processing_time_ms"]
        processingTimestamp = try row["processing_timestamp"]
        isFinal = try row["is_final"]
        isAccepted = try row["is_accepted"]
        rejectionReason = try row["rejection_reason"]
        createdAt = try row["created_at"]
    }

    enum CodingKeys: String, CodingKey {
        case id
        case jobID = "job_id"
        case listingID = "listing_id"
        case contactID = "contact_id"
        case provider
        case providerListingID = "provider_listing_id"
        case sourceURL = "source_url"
        case contactType = "contact_type"
        case extractionMethod = "extraction_method"
        case confidenceScore = "confidence_score"
        case fieldConfidence = "field_confidence"
        case fieldMethods = "field_methods"
        case validationStatus = "validation_status"
        case validationErrors = "validation_errors"
        case dataCompleteness = "data_completeness"
        case extractionAccuracy = "extraction_accuracy"
        case duplicateProbability = "duplicate_probability"
        case processingTimeMs = "processing_time_ms"
        case processingTimestamp = "processing_timestamp"
        case isFinal = "is_final"
        case isAccepted = "is_accepted"
        case rejectionReason = "rejection_reason"
        case createdAt = "created_at"
    }
}
