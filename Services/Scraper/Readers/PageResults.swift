import Contracts
import Foundation

/// A result page's listings and the page after it.
struct ResultPage: Sendable, Equatable {
    var listings: [URL]
    var next: URL?
}

/// A listing and, apart from it, what must be sealed before it leaves the process.
struct ListingPage: Sendable, Equatable {
    var listing: ReadListing
    var contactPhone: String?
    var contactEmail: String?
}
