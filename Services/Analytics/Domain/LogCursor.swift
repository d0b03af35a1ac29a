import Foundation

/// Where a page of a log ended.
struct LogCursor: Codable, Sendable {
    var at: Date
    var id: UUID
}
