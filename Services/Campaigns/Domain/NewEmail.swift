import Contracts
import Foundation

/// A mail to be put into the queue.
struct NewEmail: Sendable {
    var id: UUID
    var templateID: UUID?
    var templateName: String
    var from: Mailbox
    var toEmail: String
    var toName: String?
    var content: RenderedMail
    var data: [String: TemplateValue]
    var sealed: [String: String]
    var type: EmailType
    var category: String
    var maximumRetries: Int
    var reference: UUID?
    var unsubscribeToken: String?
    var userID: UUID?
    /// Where answers go, when not to the sender.
    var replyTo: String?
    /// Why it will never be sent; nil for a mail that will.
    var refusal: DeliveryFailure?
}
