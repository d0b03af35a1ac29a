import Foundation

/// A session by its ids.
struct SessionRow: Sendable, Hashable {
    var id: UUID
    var userID: UUID
}
