import Foundation
import Messaging

/// A document was uploaded and its bytes are stored.
public struct DocumentUploaded: Event {
    public static let name = "documents.document.uploaded.v1"
    public var documentID: UUID
    public var uploadedBy: UUID
    public var agencyID: UUID?
    public var documentType: String?
    public var mimeType: String
    /// Bytes.
    public var fileSize: Int64
    /// SHA-256 of the original bytes, hex.
    public var fileHash: String
    public var version: Int64
    public var subject: UUID { documentID }
    public var aggregateVersion: Int64? { version }
    public init(
        documentID: UUID, uploadedBy: UUID, agencyID: UUID?, documentType: String?, mimeType: String, fileSize: Int64, fileHash: String,
        version: Int64
    ) {
        self.documentID = documentID
        self.uploadedBy = uploadedBy
        self.agencyID = agencyID
        self.documentType = documentType
        self.mimeType = mimeType
        self.fileSize = fileSize
        self.fileHash = fileHash
        self.version = version
    }
    enum CodingKeys: String, CodingKey {
        case documentID = "document_id"
        case uploadedBy = "uploaded_by"
        case agencyID = "agency_id"
        case documentType = "document_type"
        case mimeType = "mime_type"
        case fileSize = "file_size"
        case fileHash = "file_hash"
        case version
    }
}

/// A document's title, description, tags or visibility changed.
public struct DocumentUpdated: Event {
    public static let name = "documents.document.updated.v1"
    public var documentID: UUID
    public var changedFields: [String]
    public var version: Int64
    public var subject: UUID { documentID }
    public var aggregateVersion: Int64? { version }
    public init(documentID: UUID, changedFields: [String], version: Int64) {
        self.documentID = documentID
        self.changedFields = changedFields
        self.version = version
    }
    enum CodingKeys: String, CodingKey {
        case documentID = "document_id"
        case changedFields = "changed_fields"
        case version
    }
}

/// A document is gone; its bytes too, when nothing else uses them.
public struct DocumentDeleted: Event {
    public static let name = "documents.document.deleted.v1"
    public var documentID: UUID
    public var version: Int64
    public var subject: UUID { documentID }
    public var aggregateVersion: Int64? { version }
    public init(documentID: UUID, version: Int64) {
        self.documentID = documentID
        self.version = version
    }
    enum CodingKeys: String, CodingKey {
        case documentID = "document_id"
        case version
    }
}
