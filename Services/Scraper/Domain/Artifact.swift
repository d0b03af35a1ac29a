import Foundation
import Postgres
import ServiceKit

/// Something fetched and kept, with what is known of it. Its bytes lie in the file store.
struct Artifact: Codable, Sendable, RowDecodable {
    /// As lists show it; `content_text` is for one artifact alone.
    static let columns: SQL = """
        a.id, a.job_id, a.user_id, a.agency_id, a.artifact_type, a.source_url, a.title, a.description, a.content_hash, a.file_size, a.mime_type,
        a.storage_path, a.keywords, a.tags, a.is_public, a.created_at, a.updated_at
        """

    enum Kind: String, WireEnumeration, PostgresEnumeration {
        case webPage = "web_page"
        case paper
        case governmentDoc = "government_doc"
        case socialMedia = "social_media"
        case pdf, image, video, audio

        /// By the type that the site named.
        init(mimeType: String?) {
            switch mimeType?.split(separator: "/").first {
            case "image": self = .image
            case "video": self = .video
            case "audio": self = .audio
            default: self = mimeType == "application/pdf" ? .pdf : .webPage
            }
        }
    }

    var id: UUID
    var jobID: UUID
    var userID: UUID
    var agencyID: UUID?
    var artifactType: Kind
    var sourceURL: String?
    var title: String?
    var description: String?
    var contentHash: String
    var fileSize: Int64?
    var mimeType: String?
    var storagePath: String
    var contentText: String?
    var keywords: [String]
    var tags: [String]
    var isPublic: Bool
    var createdAt: Date
    var updatedAt: Date

    init(row: Row) throws {
        id = try row["id"]
        jobID = try row["job_id"]
        userID = try row["user_id"]
        agencyID = try row["agency_id"]
        artifactType = try row["artifact_type"]
        sourceURL = try row["source_url"]
        title = try row["title"]
        description = try row["description"]
        contentHash = try row["content_hash"]
        fileSize = try row["file_size"]
        mimeType = try row["mime_type"]
        storagePath = try row["storage_path"]
        contentText = row.has("content_text") ? try row["content_text"] : nil
        keywords = try row["keywords"]
        tags = try row["tags"]
        isPublic = try row["is_public"]
        createdAt = try row["created_at"]
        updatedAt = try row["updated_at"]
    }

    enum CodingKeys: String, CodingKey {
        case id
        case jobID = "job_id"
        case userID = "user_id"
        case agencyID = "agency_id"
        case artifactType = "artifact_type"
        case sourceURL = "source_url"
        case title, description
        case contentHash = "content_hash"
        case fileSize = "file_size"
        case mimeType = "mime_type"
        case storagePath = "storage_path"
        case contentText = "content_text"
        case keywords, tags
        case isPublic = "is_public"
        case createdAt = "created_at"
        case updatedAt = "updated_at"
    }
}
