import Contracts
import Foundation
import Messaging
import Postgres

/// Something that happened: one event of any service.
struct UserEvent: Codable, Sendable, RowDecodable {
    var id: UUID
    var occurredAt: Date
    var userID: UUID?
    var agencyID: UUID?
    var eventType: String
    var eventData: JSONValue
    var sessionID: String?
    var ipAddress: String?
    var userAgent: String?
    var subjectID: UUID?

    static let columns: SQL = """
        id, occurred_at, user_id, agency_id, event_type, event_data, session_id, host(ip_address) AS ip_address, user_agent, subject_id
        """

    /// Without what reaches a person; whose it is, is the acting user, or else the one the event names.
    init(_ delivery: Delivery) throws {
        let data = try delivery.decode(JSONValue.self)
        id = delivery.id
        occurredAt = delivery.time
        userID = delivery.origin.actorID ?? (data["user_id"] ?? data["user"]?["id"] ?? data["uploaded_by"])?.text.flatMap(UUID.init(uuidString:))
        agencyID = delivery.origin.agencyID ?? (data["agency_id"]?.text).flatMap(UUID.init(uuidString:))
        eventType = delivery.type
        eventData = PersonalData.removed(from: data)
        sessionID = delivery.origin.sessionID?.uuidString.lowercased()
        // Measured as the columns are: nobody keeps an event out of the trail by an odd header.
        ipAddress = delivery.origin.clientIP.flatMap { $0.isIPAddress ? $0 : nil }
        userAgent = delivery.origin.userAgent?.limited(to: 1000)
        subjectID = delivery.subject
    }

    init(row: Row) throws {
        id = try row["id"]
        occurredAt = try row["occurred_at"]
        userID = try row["user_id"]
        agencyID = try row["agency_id"]
        eventType = try row["event_type"]
        eventData = try row.json("event_data")
        sessionID = try row["session_id"]
        ipAddress = try row["ip_address"]
        userAgent = try row["user_agent"]
        subjectID = try row["subject_id"]
    }

    enum CodingKeys: String, CodingKey {
        case id
        case occurredAt = "occurred_at"
        case userID = "user_id"
        case agencyID = "agency_id"
        case eventType = "event_type"
        case eventData = "event_data"
        case sessionID = "session_id"
        case ipAddress = "ip_address"
        case userAgent = "user_agent"
        case subjectID = "subject_id"
    }
}
