import Foundation
import Postgres
import ServiceKit

/// A run that looks for contacts, and how far it has come.
struct DiscoveryJob: Codable, Sendable, Versioned, RowDecodable {
    static let columns: SQL = """
        j.id, j.user_id, j.agency_id, j.search_criteria_id, j.job_type, j.status, j.parameters, j.provider_config, j.total_items, j.listings_processed,
        j.contacts_extracted, j.contacts_validated, j.errors_count, j.started_at, j.completed_at,
        EXTRACT(epoch FROM j.estimated_duration)::float8 AS estimated_duration, EXTRACT(epoch FROM j.actual_duration)::float8 AS actual_duration,
        j.progress_percentage, j.current_stage, j.error_messages, j.retry_count, j.max_retries, j.next_attempt_at, j.result_data, j.output_files,
        j.created_at, j.updated_at, j.created_by, j.version
        """

    var id: UUID
    var userID: UUID
    var agencyID: UUID?
    var searchCriteriaID: UUID?
    var jobType: DiscoveryJobType
    var status: JobStatus
    var parameters: DiscoveryParameters
    var providerConfig: DiscoverySettings?
    var totalItems: Int
    var listingsProcessed: Int
    var contactsExtracted: Int
    var contactsValidated: Int
    var errorsCount: Int
    var startedAt: Date?
    var completedAt: Date?
    /// Seconds.
    var estimatedDuration: Double?
    var actualDuration: Double?
    /// Percent.
    var progressPercentage: Int
    var currentStage: DiscoveryStage
    var errorMessages: [String]
    var retryCount: Int
    var maxRetries: Int
    var nextAttemptAt: Date
    var resultData: DiscoverySummary?
    /// How many files its end has made; they are had by the job.
    var outputFiles: [String]
    var createdAt: Date
    var updatedAt: Date
    var createdBy: UUID?
    /// How often it was claimed since it last came any further, for whoever has claimed it.
    var claims = 0
    var version: Int64

    init(row: Row) throws {
        id = try row["id"]
        userID = try row["user_id"]
        agencyID = try row["agency_id"]
        searchCriteriaID = try row["search_criteria_id"]
        jobType = try row["job_type"]
        status = try row["status"]
        parameters = try row.json("parameters")
        providerConfig = try row.jsonIfPresent("provider_config")
        totalItems = try row["total_items"]
        listingsProcessed = try row["listings_processed"]
        contactsExtracted = try row["contacts_extracted"]
        contactsValidated = try row["contacts_validated"]
        errorsCount = try row["errors_count"]
        startedAt = try row["started_at"]
        completedAt = try row["completed_at"]
        estimatedDuration = try row["estimated_duration"]
        actualDuration = try row["actual_duration"]
        progressPercentage = try row["progress_percentage"]
        currentStage = try row["current_stage"]
        errorMessages = try row["error_messages"]
        retryCount = try row["retry_count"]
        maxRetries = try row["max_retries"]
        nextAttemptAt = try row["next_attempt_at"]
        resultData = try row.jsonIfPresent("result_data")
        outputFiles = try row["output_files"]
        createdAt = try row["created_at"]
        updatedAt = try row["updated_at"]
        createdBy = try row["created_by"]
        version = try row["version"]
    }

    enum CodingKeys: String, CodingKey {
        case id
        case userID = "user_id"
        case agencyID = "agency_id"
        case searchCriteriaID = "search_criteria_id"
        case jobType = "job_type"
        case status, parameters
        case providerConfig = "provider_config"
        case totalItems = "total_items"
        case listingsProcessed = "listings_processed"
        case contactsExtracted = "contacts_extracted"
        case contactsValidated = "contacts_validated"
        case errorsCount = "errors_count"
        case startedAt = "started_at"
        case completedAt = "completed_at"
        case estimatedDuration = "estimated_duration"
        case actualDuration = "actual_duration"
        case progressPercentage = "progress_percentage"
        case currentStage = "current_stage"
        case errorMessages = "error_messages"
        case retryCount = "retry_count"
        case maxRetries = "max_retries"
        case nextAttemptAt = "next_attempt_at"
        case resultData = "result_data"
        case outputFiles = "output_files"
        case createdAt = "created_at"
        case updatedAt = "updated_at"
        case createdBy = "created_by"
        case version
    }
}
