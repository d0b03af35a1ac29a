import Contracts
import Foundation

/// What the mail of a new home says.
enum ListingMail {
    static let template = "new_listing"

    static func data(_ match: ListingMatched, locale: String, publicURL: String) -> [String: TemplateValue] {
        let words = ListingWords(match.listing, locale: locale)
        var data: [String: TemplateValue] = [
            "title": .text(match.listing.title),
            "search_name": .text(match.searchName),
            "relevance_percent": .text(String(Int((match.relevanceScore * 100).rounded()))),
            "listing_url": .text(match.listing.providerURL ?? "\(publicURL)/v1/listings/\(match.listing.id.uuidString.lowercased())"),
        ]
        for (name, value) in [
            ("address", words.address), ("rooms", words.rooms), ("area", words.area), ("rent", words.rent),
            ("available_from", words.availableFrom),
        ] {
            if let value { data[name] = .text(value) }
        }
        data["reasons"] = .list(words.reasons(match.shares).map { ["text": .text($0)] })
        return data
    }
}
