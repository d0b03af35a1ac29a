import Contracts
import Foundation
import Postgres

/// How far Hearth has forgotten somebody. It does not say whom.
struct Erasure: Codable, Sendable {
    var id: UUID
    /// in_progress, complete
    var status: String
    var requestedAt: Date
    var completedAt: Date?
    var services: [Receipt]

    /// What one service has done. Without a time, it has yet to do it.
    struct Receipt: Codable, Sendable {
        var service: String
        var completedAt: Date?
        var tables: [ErasedTable]

        enum CodingKeys: String, CodingKey {
            case service, tables
            case completedAt = "completed_at"
        }
    }

    enum CodingKeys: String, CodingKey {
        case id, status, services
        case requestedAt = "requested_at"
        case completedAt = "completed_at"
    }
}

extension Erasure: RowDecodable {
    static let columns: SQL = """
        e.id, e.requested_at, e.completed_at, (SELECT jsonb_agg(jsonb_build_object('service', r.service, 'tables', r.tables) || \
        CASE WHEN r.received_at IS NULL THEN '{}' ELSE jsonb_build_object('completed_at', r.received_at) END ORDER BY r.service) \
        FROM erasure_receipts r WHERE r.erasure_id = e.id) AS services
        """

    init(row: Row) throws {
        id = try row["id"]
        requestedAt = try row["requested_at"]
        completedAt = try row["completed_at"]
        status = completedAt == nil ? "in_progress" : "complete"
        services = try row.json("services")
    }
}
