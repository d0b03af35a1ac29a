import Foundation
import Postgres
import ServiceKit

enum RiskLevel: String, PostgresEnumeration, WireEnumeration, QueryValue {
    case low, medium, high, critical
}

/// Who did what to what.
struct AuditLog: Codable, Sendable, RowDecodable {
    var id: UUID
    var userID: UUID?
    var agencyID: UUID?
    var sessionID: String?
    var ipAddress: String?
    var userAgent: String?
    var action: String
    var category: String
    var level: String
    var entityType: String
    var entityID: String?
    var oldValues: JSONValue?
    var newValues: JSONValue?
    var changedFields: [String]?
    var requestID: String?
    var serviceName: String
    var success: Bool
    var errorMessage: String?
    var errorCode: String?
    var riskLevel: RiskLevel
    var metadata: JSONValue
    var createdAt: Date

    static let columns: SQL = """
        id, user_id, agency_id, session_id, host(ip_address) AS ip_address, user_agent, action, category, level, entity_type, entity_id,
        old_values, new_values, changed_fields, request_id, service_name, success, error_message, error_code, risk_level, metadata, created_at
        """

    init(row: Row) throws {
        id = try row["id"]
        userID = try row["user_id"]
        agencyID = try row["agency_id"]
        sessionID = try row["session_id"]
        ipAddress = try row["ip_address"]
        userAgent = try row["user_agent"]
        action = try row["action"]
        category = try row["category"]
        level = try row["level"]
        entityType = try row["entity_type"]
        entityID = try row["entity_id"]
        oldValues = try row.jsonIfPresent("old_values")
        newValues = try row.jsonIfPresent("new_values")
        changedFields = try row["changed_fields"]
        requestID = try row["request_id"]
        serviceName = try row["service_name"]
        success = try row["success"]
        errorMessage = try row["error_message"]
        errorCode = try row["error_code"]
        riskLevel = try row["risk_level"]
        metadata = try row.json("metadata")
        createdAt = try row["created_at"]
    }

    enum CodingKeys: String, CodingKey {
        case id
        case userID = "user_id"
        case agencyID = "agency_id"
        case sessionID = "session_id"
        case ipAddress = "ip_address"
        case userAgent = "user_agent"
        case action, category, level
        case entityType = "entity_type"
        case entityID = "entity_id"
        case oldValues = "old_values"
        case newValues = "new_values"
        case changedFields = "changed_fields"
        case requestID = "request_id"
        case serviceName = "service_name"
        case success
        case errorMessage = "error_message"
        case errorCode = "error_code"
        case riskLevel = "risk_level"
        case metadata
        case createdAt = "created_at"
    }
}
