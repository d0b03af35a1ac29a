import Foundation

/// Where a page of an inbox ended.
enum InboxPlace: Codable, Sendable {
    case sequence(Int64)
    /// Of what is yet to come.
    case time(Date, UUID)
}
