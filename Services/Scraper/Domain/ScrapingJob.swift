import Foundation
import Postgres
import ServiceKit

/// A run over a provider's result page, and how far it has come.
struct ScrapingJob: Codable, Sendable, Versioned, RowDecodable {
    static let columns: SQL = """
        j.id, j.user_id, j.agency_id, j.job_type, j.keywords, j.expanded_keywords, j.title, j.description, j.status, j.progress, j.total_items,
        j.processed_items, j.failed_items, j.error_message, j.parent_id, j.next_run_at, j.version, j.started_at, j.completed_at, j.created_at,
        j.updated_at,
        (SELECT COALESCE(jsonb_object_agg(c.config_key, c.config_value), '{}') FROM job_configurations c WHERE c.job_id = j.id) AS configuration
        """

    var id: UUID
    var userID: UUID
    var agencyID: UUID?
    var jobType: String
    var keywords: [String]
    var expandedKeywords: [String]?
    var title: String
    var description: String?
    var status: JobStatus
    /// Percent.
    var progress: Int
    /// Listings found, read, and failed.
    var totalItems: Int
    var processedItems: Int
    var failedItems: Int
    var errorMessage: String?
    var parentID: UUID?
    var nextRunAt: Date?
    var configuration: [String: String]
    /// How often it was claimed since it last came any further, for whoever has claimed it.
    var claims = 0
    var version: Int64
    var startedAt: Date?
    var completedAt: Date?
    var createdAt: Date
    var updatedAt: Date

    init(row: Row) throws {
        id = try row["id"]
        userID = try row["user_id"]
        agencyID = try row["agency_id"]
        jobType = try row["job_type"]
        keywords = try row["keywords"]
        expandedKeywords = try row["expanded_keywords"]
        title = try row["title"]
        description = try row["description"]
        status = try row["status"]
        progress = try row["progress"]
        totalItems = try row["total_items"]
        processedItems = try row["processed_items"]
        failedItems = try row["failed_items"]
        errorMessage = try row["error_message"]
        parentID = try row["parent_id"]
        nextRunAt = try row["next_run_at"]
        configuration = try row.json("configuration", as: [String: String?].self).compactMapValues(\.self)
        version = try row["version"]
        startedAt = try row["started_at"]
        completedAt = try row["completed_at"]
        createdAt = try row["created_at"]
        updatedAt = try row["updated_at"]
    }

    enum CodingKeys: String, CodingKey {
        case id
        case userID = "user_id"
        case agencyID = "agency_id"
        case jobType = "job_type"
        case keywords
        case expandedKeywords = "expanded_keywords"
        case title, description, status, progress
        case totalItems = "total_items"
        case processedItems = "processed_items"
        case failedItems = "failed_items"
        case errorMessage = "error_message"
        case parentID = "parent_id"
        case nextRunAt = "next_run_at"
        case configuration, version
        case startedAt = "started_at"
        case completedAt = "completed_at"
        case createdAt = "created_at"
        case updatedAt = "updated_at"
    }
}
