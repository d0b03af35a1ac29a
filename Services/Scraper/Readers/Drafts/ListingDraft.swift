import Contracts
import Foundation

/// A listing while its page is being read. Each field is set together with the place that states it; the first statement holds.
struct ListingDraft: Sendable {
    private(set) var listing: ReadListing
    private(set) var contactPhone: String?
    private(set) var contactEmail: String?
    /// The page offers the home for sale: its price is no rent.
    var isForSale = false
    private var sources: [String: FieldSource] = [:]

    static let mostImages = 100

    /// Nil without an id or a title: then the page shows no listing.
    init?(provider: String, id: String?, at idPlace: @autoclosure () -> PagePlace, title: String?, at titlePlace: @autoclosure () -> PagePlace) {
        guard let id = id?.withoutControls.collapsed, !id.isEmpty, id.unicodeScalars.count <= 255,
            let title = title?.withoutControls.collapsed, !title.isEmpty
        else { return nil }
        listing = ReadListing(provider: provider, providerListingID: id, title: String(title.prefix(500)))
        state("provider_listing_id", idPlace())
        state("title", titlePlace())
    }

    mutating func set<Value: Sendable>(_ field: ListingField<Value>, _ value: Value?, at place: @autoclosure () -> PagePlace) {
        guard listing[keyPath: field.path] == nil, let value = value.flatMap(field.accept) else { return }
        listing[keyPath: field.path] = value
        state(field.name, place())
    }

    /// Takes a statement back that another one on the same page shows to be wrong.
    mutating func clear<Value: Sendable>(_ field: ListingField<Value>) {
        listing[keyPath: field.path] = nil
        sources[field.name] = nil
    }

    /// Every image once, in the page's order.
    mutating func set(images urls: [String], at place: @autoclosure () -> PagePlace) {
        guard listing.images.isEmpty else { return }
        var seen: Set<String> = []
        let images = urls.map(\.withoutControls).filter { !$0.isEmpty && $0.count <= 2048 && seen.insert($0).inserted }
        guard !images.isEmpty else { return }
        listing.images = Array(images.prefix(Self.mostImages))
        state("images", place())
    }

    mutating func set(phone: String?, at place: @autoclosure () -> PagePlace) {
        guard contactPhone == nil, let phone = ContactText.phone(phone) else { return }
        contactPhone = phone
        state("contact_phone", place())
    }

    mutating func set(email: String?, at place: @autoclosure () -> PagePlace) {
        guard contactEmail == nil, let email = email.flatMap({ ContactText.email(in: $0) }) else { return }
        contactEmail = email
        state("contact_email", place())
    }

    /// A German address in parts, each from the same place.
    mutating func set(_ address: PostalAddress, at place: @autoclosure () -> PagePlace) {
        let place = place()
        set(.street, address.street, at: place)
        set(.houseNumber, address.houseNumber, at: place)
        set(.postalCode, address.postalCode, at: place)
        set(.city, address.city, at: place)
        set(.district, address.district, at: place)
    }

    /// The sign that stands beside the amounts is their currency; a page without amounts states none.
    mutating func settle(currency: String = "EUR") {
        guard let amount = ["rent_netto", "rent_brutto", "additional_costs", "deposit"].compactMap({ sources[$0] }).first else { return }
        set(.currency, currency, at: PagePlace(method: amount.method, path: amount.path))
    }

    var page: ListingPage {
        ListingPage(
            listing: listing, contactPhone: contactPhone, contactEmail: contactEmail, isForSale: isForSale,
            sources: sources.values.sorted { $0.field < $1.field })
    }

    private mutating func state(_ field: String, _ place: PagePlace) { sources[field] = FieldSource(field, place) }
}
