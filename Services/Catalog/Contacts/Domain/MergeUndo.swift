import Foundation

/// What a merge put into the contact that stays, so that it can be taken out again.
struct MergeUndo: Codable, Sendable, Equatable {
    /// Fields that it lacked and took over.
    var filled: [String] = []
    /// The duplicate's name, where it became a variation.
    var variation: String?
    var tags: [String] = []
    /// Listings that only the duplicate was named by.
    var listings: [UUID] = []
    /// Hashes of what it took over, in base64.
    var fingerprints: [String] = []
    var timesContacted = 0
    /// Whether the duplicate was active.
    var wasActive = true

    enum CodingKeys: String, CodingKey {
        case filled, variation, tags, listings, fingerprints
        case timesContacted = "times_contacted"
        case wasActive = "was_active"
    }
}
