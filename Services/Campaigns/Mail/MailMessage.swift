import Foundation

/// One mail before it is written as MIME.
///
/// The same value always gives the same bytes: `Message-ID`, `Date` and the boundaries come from `id` and `date`, so that a mail sent again after a crash
/// is the same mail to whoever receives it.
struct MailMessage: Sendable {
    var id: UUID
    var date: Date
    var from: Mailbox
    var to: [Mailbox]
    var cc: [Mailbox] = []
    /// In the envelope, never in the headers.
    var bcc: [Mailbox] = []
    var replyTo: Mailbox?
    var subject: String
    var html: String?
    /// Made from `html` when nil.
    var text: String?
    var attachments: [MailAttachment] = []
    /// RFC 8058: a POST to it unsubscribes. Nil for mail that nobody can unsubscribe from.
    var unsubscribeURL: String?

    /// `<id@domain of the sender>`: receivers drop a second mail of the same id.
    var messageID: String { "<\(id.uuidString.lowercased())@\(from.domain)>" }

    var recipients: [Mailbox] { to + cc + bcc }
}
