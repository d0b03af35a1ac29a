/// An element of `email_queue.attachments`.
struct StoredAttachment: Codable, Sendable {
    var filename: String
    var contentType: String
    /// Base64.
    var content: String

    enum CodingKeys: String, CodingKey {
        case filename, content
        case contentType = "content_type"
    }
}
