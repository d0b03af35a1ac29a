import Foundation

/// Where a list by time goes on.
struct ListKey: Codable, Sendable {
    var createdAt: Date
    var id: UUID
}
