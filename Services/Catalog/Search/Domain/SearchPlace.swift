import Foundation

/// Where a page of results ended.
struct SearchPlace: Codable, Sendable, Hashable {
    var sort: ListingSort
    var id: UUID
    var price: Decimal?
    /// Metres.
    var distance: Double?
    var rank: Double?
    /// What is newer than this came while the pages were turned: the best are looked for among what was there before.
    var newest: UUID?
}
