import Foundation
import Postgres

/// A session as its owner sees it in the list.
struct Session: Codable, Sendable {
    var id: UUID
    var deviceInfo: DeviceInfo?
    var ipAddress: String?
    var userAgent: String?
    /// Nil where nobody tells.
    var location: SessionLocation?
    /// Whether it is the one that asks.
    var isCurrent: Bool
    var createdAt: Date
    var lastActivityAt: Date
    var expiresAt: Date

    enum CodingKeys: String, CodingKey {
        case id, location
        case deviceInfo = "device_info"
        case ipAddress = "ip_address"
        case userAgent = "user_agent"
        case isCurrent = "is_current"
        case createdAt = "created_at"
        case lastActivityAt = "last_activity_at"
        case expiresAt = "expires_at"
    }
}

extension Session: RowDecodable {
    init(row: Row) throws {
        id = try row["id"]
        deviceInfo = try row.jsonIfPresent("device_info")
        ipAddress = try row["ip_address"]
        userAgent = try row["user_agent"]
        location = try row.jsonIfPresent("location")
        isCurrent = try row["is_current"]
        createdAt = try row["created_at"]
        lastActivityAt = try row["last_activity_at"]
        expiresAt = try row["expires_at"]
    }
}
