import Foundation
import Postgres

/// That a consent was given or withdrawn.
struct ConsentRecord: Codable, Sendable, RowDecodable {
    var id: UUID
    var purpose: ConsentPurpose
    var isGiven: Bool
    /// Which text the person saw.
    var textVersion: String
    /// registration, profile
    var source: String
    var ipAddress: String?
    var userAgent: String?
    var recordedAt: Date

    enum CodingKeys: String, CodingKey {
        case id, purpose, source
        case isGiven = "is_given"
        case textVersion = "text_version"
        case ipAddress = "ip_address"
        case userAgent = "user_agent"
        case recordedAt = "recorded_at"
    }

    static let columns: SQL = """
        id, purpose, is_given, text_version, source, host(ip_address) AS ip_address, user_agent, recorded_at
        """

    init(row: Row) throws {
        id = try row["id"]
        purpose = try row["purpose"]
        isGiven = try row["is_given"]
        textVersion = try row["text_version"]
        source = try row["source"]
        ipAddress = try row["ip_address"]
        userAgent = try row["user_agent"]
        recordedAt = try row["recorded_at"]
    }
}
