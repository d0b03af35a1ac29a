import Contracts
import Foundation

extension NewNotification {
    /// News of a home that a person keeps, once per change, in the person's language.
    ///
    /// It is of the kind of homes, so that it comes where a person wants to hear of these. It names no `listingID`: of one listing there may be more than one.
    init(_ event: FavoriteChanged, locale: String) {
        let listing = event.listing
        let words = ListingWords(listing, locale: locale)
        let said =
            switch event.change {
            case .price: words.isGerman ? "Neuer Preis" : "New price"
            case .gone: words.isGerman ? "Nicht mehr im Angebot" : "No longer on offer"
            case .back: words.isGerman ? "Wieder im Angebot" : "On offer again"
            }
        let name = listing.title.isEmpty ? words.summary : listing.title
        let id = listing.id.uuidString.lowercased()
        self.init(
            userID: event.userID, subjectKey: "favorite:\(id):\(listing.version):\(event.change.rawValue)", type: .newListing,
            title: String(String.UnicodeScalarView("\(said): \(name)".unicodeScalars.prefix(255))),
            message: (words.prices(from: event.before, to: event.after) + [words.summary]).joined(separator: " · "),
            data: ["listing_id": id, "favorite_id": event.favoriteID.uuidString.lowercased(), "change": event.change.rawValue],
            actionURL: listing.providerURL.flatMap { $0.unicodeScalars.count <= 2048 ? $0 : nil }, category: .searchResults)
        tags = ["favorite", event.change.rawValue]
    }
}

extension ListingWords {
    /// What is another price now: "Kaltmiete 850,50 € (vorher 900 €)".
    func prices(from before: ListingPrice?, to after: ListingPrice?) -> [String] {
        guard let before, let after else { return [] }
        let parts: [(german: String, english: String, before: Decimal?, after: Decimal?)] = [
            ("Kaltmiete", "net rent", before.rentNetto, after.rentNetto), ("Warmmiete", "gross rent", before.rentBrutto, after.rentBrutto),
            ("Nebenkosten", "additional costs", before.additionalCosts, after.additionalCosts), ("Kaution", "deposit", before.deposit, after.deposit),
        ]
        return parts.filter { $0.before != $0.after }.compactMap { part in
            guard let now = part.after else { return nil }
            let former = part.before.map { " (\(isGerman ? "vorher" : "before") \(amount($0)))" } ?? ""
            return "\(isGerman ? part.german : part.english) \(amount(now))\(former)"
        }
    }
}
