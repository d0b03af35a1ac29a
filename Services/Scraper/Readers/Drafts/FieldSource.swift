/// Which place of a page states a field of its listing.
struct FieldSource: Codable, Sendable, Equatable {
    /// As in `ReadListing`'s JSON: `rent_netto`; `contact_phone` and `contact_email` before they are sealed.
    var field: String
    var method: PagePlace.Method
    var path: String

    init(_ field: String, _ place: PagePlace) {
        self.field = field
        method = place.method
        path = String(place.path.prefix(300))
    }
}
