import ContactValues
import Foundation
import Postgres
import ServiceKit

/// Somebody to turn to, as lists show them: which values there are, and not what they say.
struct Contact: Codable, Sendable, Versioned, RowDecodable {
    var id: UUID
    /// Whose address book it is in; nil for everybody's.
    var userID: UUID?
    var name: String?
    var nameVariations: [String]
    var hasPhone: Bool
    var hasEmail: Bool
    var hasAddress: Bool
    var hasWebsite: Bool
    var contactType: ContactType
    var sourceProvider: String
    var confidenceScore: Decimal
    var fieldConfidence: [String: Double]
    var isVerified: Bool
    var verificationMethod: VerificationMethod?
    var verificationDate: Date?
    var verificationNotes: String?
    var qualityScore: Decimal
    var lastContacted: Date?
    var contactFrequency: ContactFrequency
    var tags: [String]
    var category: ContactCategory
    var notes: String?
    var isActive: Bool
    var isBlacklisted: Bool
    var blacklistedReason: String?
    var lawfulBasis: LawfulBasis
    var retainUntil: Date?
    var mergedInto: UUID?
    var createdAt: Date
    var updatedAt: Date
    var createdBy: UUID?
    var updatedBy: UUID?
    var extractionMethod: ExtractionMethod?
    var extractionConfidence: Decimal?
    var sourceListingID: UUID?
    var extractionDate: Date
    var version: Int64

    static let columns: SQL = """
        c.id, c.user_id, c.name, c.name_variations, c.phone_encrypted IS NOT NULL AS has_phone, c.email_encrypted IS NOT NULL AS has_email,
        c.address_encrypted IS NOT NULL AS has_address, c.website_encrypted IS NOT NULL AS has_website, c.contact_type, c.source_provider,
        c.confidence_score, c.field_confidence, c.is_verified, c.verification_method, c.verification_date, c.verification_notes, c.quality_score,
        c.last_contacted, c.contact_frequency, c.tags, c.category, c.notes, c.is_active, c.is_blacklisted, c.blacklisted_reason, c.lawful_basis,
        c.retain_until, c.merged_into, c.created_at, c.updated_at, c.created_by, c.updated_by, c.extraction_method, c.extraction_confidence,
        c.source_listing_id, c.extraction_date, c.version
        """

    init(row: Row) throws {
        id = try row["id"]
        userID = try row["user_id"]
        name = try row["name"]
        nameVariations = try row["name_variations"]
        hasPhone = try row["has_phone"]
        hasEmail = try row["has_email"]
        hasAddress = try row["has_address"]
        hasWebsite = try row["has_website"]
        contactType = try row["contact_type"]
        sourceProvider = try row["source_provider"]
        confidenceScore = try row["confidence_score"]
        fieldConfidence = try row.json("field_confidence")
        isVerified = try row["is_verified"]
        verificationMethod = try row["verification_method"]
        verificationDate = try row["verification_date"]
        verificationNotes = try row["verification_notes"]
        qualityScore = try row["quality_score"]
        lastContacted = try row["last_contacted"]
        contactFrequency = try row["contact_frequency"]
        tags = try row["tags"]
        category = try row["category"]
        notes = try row["notes"]
        isActive = try row["is_active"]
        isBlacklisted = try row["is_blacklisted"]
        blacklistedReason = try row["blacklisted_reason"]
        lawfulBasis = try row["lawful_basis"]
        retainUntil = try row["retain_until"]
        mergedInto = try row["merged_into"]
        createdAt = try row["created_at"]
        updatedAt = try row["updated_at"]
        createdBy = try row["created_by"]
        updatedBy = try row["updated_by"]
        extractionMethod = try row["extraction_method"]
        extractionConfidence = try row["extraction_confidence"]
        sourceListingID = try row["source_listing_id"]
        extractionDate = try row["extraction_date"]
        version = try row["version"]
    }

    enum CodingKeys: String, CodingKey {
        case id
        case userID = "user_id"
        case name
        case nameVariations = "name_variations"
        case hasPhone = "has_phone"
        case hasEmail = "has_email"
        case hasAddress = "has_address"
        case hasWebsite = "has_website"
        case contactType = "contact_type"
        case sourceProvider = "source_provider"
        case confidenceScore = "confidence_score"
        case fieldConfidence = "field_confidence"
        case isVerified = "is_verified"
        case verificationMethod = "verification_method"
        case verificationDate = "verification_date"
        case verificationNotes = "verification_notes"
        case qualityScore = "quality_score"
        case lastContacted = "last_contacted"
        case contactFrequency = "contact_frequency"
        case tags, category, notes
        case isActive = "is_active"
        case isBlacklisted = "is_blacklisted"
        case blacklistedReason = "blacklisted_reason"
        case lawfulBasis = "lawful_basis"
        case retainUntil = "retain_until"
        case mergedInto = "merged_into"
        case createdAt = "created_at"
        case updatedAt = "updated_at"
        case createdBy = "created_by"
        case updatedBy = "updated_by"
        case extractionMethod = "extraction_method"
        case extractionConfidence = "extraction_confidence"
        case sourceListingID = "source_listing_id"
        case extractionDate = "extraction_date"
        case version
    }
}
