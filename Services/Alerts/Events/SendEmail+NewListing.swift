import Contracts
import Foundation

extension SendEmail {
    /// The mail for a notification of a new home. Its id is made from the notification's, so that asking twice is asking once.
    init(_ match: ListingMatched, notification: Notification, to address: String, recipient: Recipient, publicURL: String) {
        let words = ListingWords(match.listing, locale: recipient.locale)
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
        self.init(
            emailID: UUID(namespace: "email", notification.id.uuidString.lowercased()), userID: recipient.userID, toEmail: address,
            toName: recipient.fullName, template: "new_listing", locale: recipient.locale, data: data, type: "notification",
            reference: notification.id)
    }
}
