import Contracts
import Foundation

/// A listing in words: how a person of a locale reads its figures.
struct ListingWords {
    let listing: ListingSnapshot
    let isGerman: Bool

    init(_ listing: ListingSnapshot, locale: String) {
        self.listing = listing
        isGerman = locale.lowercased().hasPrefix("de")
    }

    /// "Berlin, Kreuzberg · 2,5 Zimmer · 64 m² · 890 € kalt"; what the page does not state is left out.
    var summary: String {
        let parts = [place, rooms, area, rent].compactMap { $0 }
        return parts.isEmpty ? listing.title : parts.joined(separator: " · ")
    }

    var place: String? {
        let parts = [listing.city, listing.district].compactMap { $0 }
        return parts.isEmpty ? nil : parts.joined(separator: ", ")
    }

    /// "Hauptstraße 12, 10827 Berlin"
    var address: String? {
        let street = [listing.street, listing.houseNumber].compactMap { $0 }.joined(separator: " ")
        let town = [listing.postalCode, listing.city].compactMap { $0 }.joined(separator: " ")
        let parts = [street, town].filter { !$0.isEmpty }
        return parts.isEmpty ? nil : parts.joined(separator: ", ")
    }

    var rooms: String? {
        listing.rooms.map { number($0) + (isGerman ? " Zimmer" : $0 == 1 ? " room" : " rooms") }
    }

    var area: String? { listing.livingArea.map { number($0) + " m²" } }

    /// The net rent, or the gross one where only that is stated.
    var rent: String? {
        if let net = listing.rentNetto { return amount(net) + (isGerman ? " kalt" : " net") }
        return listing.rentBrutto.map { amount($0) + (isGerman ? " warm" : " gross") }
    }

    /// "01.12.2026" in German; elsewhere as it is, "2026-12-01".
    var availableFrom: String? {
        listing.availableFrom.map { date in
            let parts = date.split(separator: "-")
            return isGerman && parts.count == 3 ? parts.reversed().joined(separator: ".") : date
        }
    }

    /// With cents, or without any.
    func amount(_ value: Decimal) -> String {
        number(value, places: 2) + " " + (listing.currency == "EUR" ? "€" : listing.currency)
    }

    /// "1.250,5" in German, "1,250.5" elsewhere.
    private func number(_ value: Decimal, places: Int = 0) -> String {
        var text = "\(value)"
        var fraction = ""
        if let point = text.firstIndex(of: ".") {
            fraction = String(text[text.index(after: point)...])
            text = String(text[..<point])
            fraction += String(repeating: "0", count: max(0, places - fraction.count))
        }
        var grouped = ""
        for (index, digit) in text.reversed().enumerated() {
            if index > 0, index.isMultiple(of: 3), digit.isNumber { grouped.append(isGerman ? "." : ",") }
            grouped.append(digit)
        }
        return String(grouped.reversed()) + (fraction.isEmpty ? "" : (isGerman ? "," : ".") + fraction)
    }
}
