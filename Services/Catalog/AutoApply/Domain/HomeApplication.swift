import Foundation
import Postgres
import ServiceKit

/// A letter that goes out, or went out, for one home.
struct HomeApplication: Codable, Sendable, Versioned, RowDecodable {
    enum Status: String, PostgresEnumeration, WireEnumeration {
        /// Until `send_at` it can be taken back.
        case waiting
        case takenBack = "taken_back"
        /// There was no reason left to send it.
        case dropped
        /// Handed over to be sent; then it is delivered or has failed.
        case sent, delivered, failed
    }

    var id: UUID
    var userID: UUID
    var searchID: UUID?
    var listingID: UUID
    var subject: String
    var body: String
    var status: Status
    var reason: String?
    var sendAt: Date
    var sentAt: Date?
    var createdAt: Date
    var updatedAt: Date
    var version: Int64

    static let columns: SQL = """
        id, user_id, search_id, listing_id, subject, body, status, reason, send_at, sent_at, created_at, updated_at, version
        """

    init(row: Row) throws {
        id = try row["id"]
        userID = try row["user_id"]
        searchID = try row["search_id"]
        listingID = try row["listing_id"]
        subject = try row["subject"]
        body = try row["body"]
        status = try row["status"]
        reason = try row["reason"]
        sendAt = try row["send_at"]
        sentAt = try row["sent_at"]
        createdAt = try row["created_at"]
        updatedAt = try row["updated_at"]
        version = try row["version"]
    }

    enum CodingKeys: String, CodingKey {
        case id, subject, body, status, reason, version
        case userID = "user_id"
        case searchID = "search_id"
        case listingID = "listing_id"
        case sendAt = "send_at"
        case sentAt = "sent_at"
        case createdAt = "created_at"
        case updatedAt = "updated_at"
    }
}
