/// An API key in the one answer that shows it.
struct MadeAPIKey: Codable, Sendable {
    var key: String
    var apiKey: APIKey

    enum CodingKeys: String, CodingKey {
        case key
        case apiKey = "api_key"
    }
}
