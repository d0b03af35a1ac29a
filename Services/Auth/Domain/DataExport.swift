import Foundation
import Postgres

/// An archive of all that Hearth holds of a person, or on the way to be one.
struct DataExport: Codable, Sendable {
    enum Status: String, Codable, Sendable, PostgresEnumeration { case collecting, ready }

    /// How far one service is.
    struct Part: Codable, Sendable {
        var service: String
        /// pending, collected
        var status: String
        var rows: Int
        var files: Int
    }

    var id: UUID
    var status: Status
    var requestedAt: Date
    var completedAt: Date?
    /// When it is deleted.
    var expiresAt: Date
    /// Bytes of all files of the archive, unpacked; nil while it is collected.
    var size: Int64?
    var services: [Part]

    enum CodingKeys: String, CodingKey {
        case id, status, size, services
        case requestedAt = "requested_at"
        case completedAt = "completed_at"
        case expiresAt = "expires_at"
    }
}

extension DataExport: RowDecodable {
    static let columns: SQL = """
        x.id, x.status, x.requested_at, x.completed_at, x.expires_at, \
        CASE x.status WHEN 'ready' THEN (SELECT COALESCE(sum(e.size), 0) FROM data_export_entries e WHERE e.export_id = x.id)::bigint END \
        AS size, \
        (SELECT jsonb_agg(jsonb_build_object('service', p.service, 'status', p.status, 'rows', p.rows, 'files', p.files) ORDER BY p.service) \
        FROM data_export_parts p WHERE p.export_id = x.id) AS services
        """

    init(row: Row) throws {
        id = try row["id"]
        status = try row["status"]
        requestedAt = try row["requested_at"]
        completedAt = try row["completed_at"]
        expiresAt = try row["expires_at"]
        size = try row["size"]
        services = try row.json("services")
    }
}
