import Foundation
import Postgres

/// A decision of a job's fetcher, as people see it.
struct Fetch: Codable, Sendable, RowDecodable {
    static let columns: SQL =
        "f.id, f.job_id, f.url, f.decision, f.reason, f.detail, f.http_status, f.bytes, f.waited_ms, f.took_ms, f.created_at"

    var id: UUID
    var jobID: UUID
    var url: String
    var decision: FetchDecision.Kind
    var reason: String?
    var detail: String?
    var httpStatus: Int?
    var bytes: Int?
    var waitedMilliseconds: Int
    var tookMilliseconds: Int
    var createdAt: Date

    init(row: Row) throws {
        id = try row["id"]
        jobID = try row["job_id"]
        url = try row["url"]
        decision = try row["decision"]
        reason = try row["reason"]
        detail = try row["detail"]
        httpStatus = try row["http_status"]
        bytes = try row["bytes"]
        waitedMilliseconds = try row["waited_ms"]
        tookMilliseconds = try row["took_ms"]
        createdAt = try row["created_at"]
    }

    enum CodingKeys: String, CodingKey {
        case id
        case jobID = "job_id"
        case url, decision, reason, detail
        case httpStatus = "http_status"
        case bytes
        case waitedMilliseconds = "waited_ms"
        case tookMilliseconds = "took_ms"
        case createdAt = "created_at"
    }
}
