import Foundation
import Messaging

/// A job began to look for contacts: `listing_scrape`, `contact_extraction` or `validation`.
public struct ContactDiscoveryStarted: Event {
    public static let name = "scraper.contact_discovery.started.v1"
    public var jobID: UUID
    public var userID: UUID
    public var jobType: String
    public var subject: UUID { jobID }
    public init(jobID: UUID, userID: UUID, jobType: String) {
        self.jobID = jobID
        self.userID = userID
        self.jobType = jobType
    }
    enum CodingKeys: String, CodingKey {
        case jobID = "job_id"
        case userID = "user_id"
        case jobType = "job_type"
    }
}

/// It ended: `completed`, `failed` or `cancelled`, with its counts.
public struct ContactDiscoveryEnded: Event {
    public static let name = "scraper.contact_discovery.ended.v1"
    public var jobID: UUID
    public var userID: UUID
    public var status: String
    public var listingsProcessed: Int
    public var contactsExtracted: Int
    public var contactsValidated: Int
    public var errorsCount: Int
    public var errorMessage: String?
    public var subject: UUID { jobID }
    public init(
        jobID: UUID, userID: UUID, status: String, listingsProcessed: Int, contactsExtracted: Int, contactsValidated: Int, errorsCount: Int,
        errorMessage: String?
    ) {
        self.jobID = jobID
        self.userID = userID
        self.status = status
        self.listingsProcessed = listingsProcessed
        self.contactsExtracted = contactsExtracted
        self.contactsValidated = contactsValidated
        self.errorsCount = errorsCount
        self.errorMessage = errorMessage
    }
    enum CodingKeys: String, CodingKey {
        case jobID = "job_id"
        case userID = "user_id"
        case status
        case listingsProcessed = "listings_processed"
        case contactsExtracted = "contacts_extracted"
        case contactsValidated = "contacts_validated"
        case errorsCount = "errors_count"
        case errorMessage = "error_message"
    }
}

/// A page, a document or a picture names somebody to turn to. Sent when a result has been validated, and again when it is validated anew.
public struct ContactFound: Event {
    public static let name = "scraper.contact.found.v1"
    /// With the field's name behind it, the context of a sealed value.
    public static let sealingPrefix = "scraper.contact."
    public var resultID: UUID
    public var jobID: UUID
    /// Whose contact it is; nil for one of everybody's.
    public var userID: UUID?
    /// The listing that the source belongs to, where it belongs to one.
    public var provider: String?
    public var providerListingID: String?
    /// landlord, agent, owner, contact_person
    public var contactType: String
    /// ocr, pdf, api, web_scraping
    public var method: String
    /// Sealed values (base64) by field: name, phone, email, address, website.
    public var sealedData: [String: String]
    /// By field, 0…1.
    public var fieldConfidence: [String: Double]
    /// By field: how it was found.
    public var fieldMethods: [String: String]
    public var confidenceScore: Double
    /// valid or uncertain
    public var validationStatus: String
    public var foundAt: Date
    public var subject: UUID { resultID }

    public init(
        resultID: UUID, jobID: UUID, userID: UUID?, provider: String?, providerListingID: String?, contactType: String, method: String,
        sealedData: [String: String], fieldConfidence: [String: Double], fieldMethods: [String: String], confidenceScore: Double,
        validationStatus: String, foundAt: Date
    ) {
        self.resultID = resultID
        self.jobID = jobID
        self.userID = userID
        self.provider = provider
        self.providerListingID = providerListingID
        self.contactType = contactType
        self.method = method
        self.sealedData = sealedData
        self.fieldConfidence = fieldConfidence
        self.fieldMethods = fieldMethods
        self.confidenceScore = confidenceScore
        self.validationStatus = validationStatus
        self.foundAt = foundAt
    }
    enum CodingKeys: String, CodingKey {
        case resultID = "result_id"
        case jobID = "job_id"
        case userID = "user_id"
        case provider
        case providerListingID = "provider_listing_id"
        case contactType = "contact_type"
        case method
        case sealedData = "sealed_data"
        case fieldConfidence = "field_confidence"
        case fieldMethods = "field_methods"
        case confidenceScore = "confidence_score"
        case validationStatus = "validation_status"
        case foundAt = "found_at"
    }
}

/// Somebody read the sealed values of a result.
public struct ContactResultRevealed: Event {
    public static let name = "scraper.contact_result.revealed.v1"
    public var resultID: UUID
    public var jobID: UUID
    public var userID: UUID
    public var fields: [String]
    public var subject: UUID { resultID }
    public init(resultID: UUID, jobID: UUID, userID: UUID, fields: [String]) {
        self.resultID = resultID
        self.jobID = jobID
        self.userID = userID
        self.fields = fields
    }
    enum CodingKeys: String, CodingKey {
        case resultID = "result_id"
        case jobID = "job_id"
        case userID = "user_id"
        case fields
    }
}

/// Somebody decided on a result where the rules had not taken it.
public struct ContactResultDecided: Event {
    public static let name = "scraper.contact_result.decided.v1"
    public var resultID: UUID
    public var jobID: UUID
    /// Who decided.
    public var userID: UUID
    public var isAccepted: Bool
    /// Why it was not accepted.
    public var reason: String?
    public var subject: UUID { resultID }
    public init(resultID: UUID, jobID: UUID, userID: UUID, isAccepted: Bool, reason: String?) {
        self.resultID = resultID
        self.jobID = jobID
        self.userID = userID
        self.isAccepted = isAccepted
        self.reason = reason
    }
    enum CodingKeys: String, CodingKey {
        case resultID = "result_id"
        case jobID = "job_id"
        case userID = "user_id"
        case isAccepted = "is_accepted"
        case reason
    }
}
