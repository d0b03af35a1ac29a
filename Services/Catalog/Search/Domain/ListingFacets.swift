/// How what fits is distributed. Counts are exact to 10,000 listings; beyond, and where more would have to be looked at than a search may, `is_exact`
/// is false and each count means "more than".
struct ListingFacets: Codable, Sendable {
    static let most = 10_000

    var count: Int
    var isExact: Bool
    /// By facet: its commonest values, most listings first.
    var facets: [String: [Value]]

    struct Value: Codable, Sendable {
        var value: String
        var count: Int
    }

    enum CodingKeys: String, CodingKey {
        case count, facets
        case isExact = "is_exact"
    }
}
