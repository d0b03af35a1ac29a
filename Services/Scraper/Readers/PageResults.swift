import Contracts
import Foundation

/// A result page's listings, as far as it shows them, and the page after it.
struct ResultPage: Sendable, Equatable {
    /// One entry of a result page.
    struct Card: Sendable, Equatable {
        var url: URL
        /// What the card itself states of the listing; nil when it states nothing but the address.
        var page: ListingPage?
    }

    var cards: [Card]
    var next: URL?

    var listings: [URL] { cards.map(\.url) }
}

/// A listing and, apart from it, what must be sealed before it leaves the process.
struct ListingPage: Sendable, Equatable {
    var listing: ReadListing
    var contactPhone: String?
    var contactEmail: String?
    /// The page offers the home for sale, not to let.
    var isForSale = false
    /// Where on the page each field came from, by field.
    var sources: [FieldSource] = []
}
