/// A template with its values put in.
struct RenderedMail: Codable, Sendable, Equatable {
    var subject: String
    var html: String
    var text: String

    enum CodingKeys: String, CodingKey {
        case subject
        case html = "html_content"
        case text = "text_content"
    }
}
