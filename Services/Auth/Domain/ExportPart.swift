import Contracts
import Foundation
import Postgres

/// A service's part of an export that somebody works on.
struct ExportPart: Sendable, RowDecodable {
    var exportID: UUID
    var userID: UUID
    var service: ServiceName
    /// Where the service is asked to go on.
    var nextCursor: String?
    var attempts: Int
    var claimID: UUID

    init(row: Row) throws {
        exportID = try row["export_id"]
        userID = try row["user_id"]
        let name: String = try row["service"]
        guard let service = ServiceName(rawValue: name) else { throw UnknownService(name: name) }
        self.service = service
        nextCursor = try row["next_cursor"]
        attempts = try row["attempts"]
        claimID = try row["claim_id"]
    }

    struct UnknownService: Error { var name: String }
}
