/// Where a session is used from, as far as the proxy before the service tells (`CLIENT_COUNTRY_HEADER`).
struct SessionLocation: Codable, Sendable, Hashable {
    /// ISO 3166-1, two letters.
    var country: String
}
