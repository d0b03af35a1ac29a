/// A file that travels with a mail.
struct MailAttachment: Sendable, Hashable {
    var filename: String
    /// A media type, such as `application/pdf`.
    var contentType: String
    var content: [UInt8]
}
