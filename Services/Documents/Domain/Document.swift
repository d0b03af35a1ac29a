import Foundation
import Postgres
import ServiceKit

/// A file and what it is about. `file_hash` is the SHA-256 of the original bytes.
struct Document: Codable, Sendable, Versioned, RowDecodable {
    var id: UUID
    var agencyID: UUID?
    var uploadedBy: UUID
    var transactionID: UUID?
    var filename: String
    var originalFilename: String
    var fileExtension: String
    var mimeType: String
    var fileSize: Int64
    var fileHash: String
    var documentType: DocumentType?
    var category: String?
    var confidenceScore: Decimal?
    var visibility: DocumentVisibility
    var title: String?
    var description: String?
    var tags: [String]
    var status: DocumentStatus
    var createdAt: Date
    var updatedAt: Date
    var processedAt: Date?
    var version: Int64

    static let columns: SQL = """
        id, agency_id, uploaded_by, transaction_id, filename, original_filename, file_extension, mime_type, file_size, file_hash, document_type,
        category, confidence_score, visibility, title, description, tags, status, created_at, updated_at, processed_at, version
        """

    init(row: Row) throws {
        id = try row["id"]
        agencyID = try row["agency_id"]
        uploadedBy = try row["uploaded_by"]
        transactionID = try row["transaction_id"]
        filename = try row["filename"]
        originalFilename = try row["original_filename"]
        fileExtension = try row["file_extension"]
        mimeType = try row["mime_type"]
        fileSize = try row["file_size"]
        fileHash = try row["file_hash"]
        documentType = try row["document_type"]
        category = try row["category"]
        confidenceScore = try row["confidence_score"]
        visibility = try row["visibility"]
        title = try row["title"]
        description = try row["description"]
        tags = try row["tags"]
        status = try row["status"]
        createdAt = try row["created_at"]
        updatedAt = try row["updated_at"]
        processedAt = try row["processed_at"]
        version = try row["version"]
    }

    enum CodingKeys: String, CodingKey {
        case id
        case agencyID = "agency_id"
        case uploadedBy = "uploaded_by"
        case transactionID = "transaction_id"
        case filename
        case originalFilename = "original_filename"
        case fileExtension = "file_extension"
        case mimeType = "mime_type"
        case fileSize = "file_size"
        case fileHash = "file_hash"
        case documentType = "document_type"
        case category
        case confidenceScore = "confidence_score"
        case visibility, title, description, tags, status
        case createdAt = "created_at"
        case updatedAt = "updated_at"
        case processedAt = "processed_at"
        case version
    }
}

extension Document {
    /// The rule that row-level security holds too; asked again of every cached answer.
    func isReadable(by caller: Caller?) -> Bool {
        if visibility == .public { return true }
        guard let caller else { return false }
        if caller.role == .administrator || caller.userID == uploadedBy { return true }
        guard let agencyID, visibility == .agency || visibility == .team else { return false }
        return caller.may(.documentsRead, in: agencyID)
    }
}
