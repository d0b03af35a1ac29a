/// Whether mails of a category still come.
struct Unsubscription: Codable, Sendable {
    var category: String
    var unsubscribed: Bool
}
