/// A notification, and what its deliveries say.
struct Telling: Sendable {
    var notification: Notification
    var content: DeliveryContent
    /// Of a mail; the one for all messages when nil.
    var template: String?
}
