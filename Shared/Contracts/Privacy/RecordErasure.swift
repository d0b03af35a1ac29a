import Foundation
import Messaging

/// A service's receipt for `auth`: it has erased what it held of a person who is gone. Which service says so, the envelope's source tells.
public struct RecordErasure: Command {
    public static let name = "auth.erasure.record.v1"
    public static let senders = ["catalog", "documents", "campaigns", "alerts", "scraper", "analytics"]
    public var userID: UUID
    public var tables: [ErasedTable]
    public var subject: UUID { userID }
    public init(userID: UUID, tables: [ErasedTable]) {
        self.userID = userID
        self.tables = tables
    }
    enum CodingKeys: String, CodingKey {
        case userID = "user_id"
        case tables
    }
}

/// What became of a person's rows in one table.
public struct ErasedTable: Codable, Sendable, Hashable {
    public var table: String
    /// deleted, anonymised, kept
    public var action: String
    /// Rows that named the person.
    public var rows: Int
    /// Those that still do, by a number that leads to nobody.
    public var remaining: Int
    /// What is kept, and why; nil when nothing is.
    public var reason: String?
    public init(table: String, action: String, rows: Int, remaining: Int, reason: String?) {
        self.table = table
        self.action = action
        self.rows = rows
        self.remaining = remaining
        self.reason = reason
    }
}
