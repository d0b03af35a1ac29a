import Contracts
import Foundation

/// Something that becomes of a listing: a row of its history and an event.
enum ListingChange: Sendable {
    case price(before: ListingPrice, after: ListingPrice)
    case status(before: ListingStatus, after: ListingStatus, reason: StatusReason)
    case relisted(previous: UUID?, goneSince: Date)

    /// What a sighting makes of a listing besides its facts.
    static func changes(from known: ReadListing, to facts: ReadListing, status: ListingStatus, lastSeenAt: Date) -> [ListingChange] {
        var changes: [ListingChange] = []
        if status != .active {
            changes += [.status(before: status, after: .active, reason: .seenAgain), .relisted(previous: nil, goneSince: lastSeenAt)]
        }
        let (before, after) = (ListingPrice(known), ListingPrice(facts))
        if before != after { changes.append(.price(before: before, after: after)) }
        return changes
    }
}

extension ListingPrice {
    init(_ facts: ReadListing) {
        self.init(
            rentNetto: facts.rentNetto, rentBrutto: facts.rentBrutto, additionalCosts: facts.additionalCosts, deposit: facts.deposit,
            currency: facts.currency ?? "EUR")
    }
}
