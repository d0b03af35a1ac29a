/// The same words for whoever asks, so that they tell nothing about an account.
struct Accepted: Codable, Sendable {
    var status = "accepted"
    var message: String

    static let registration = Accepted(message: "Look into your mailbox: we have sent you a mail.")
    static let emailChange = Accepted(message: "Look into the mailbox of the new address: the change takes effect once it is confirmed there.")
    static let mail = Accepted(message: "If there is such an account, a mail is on its way.")
}
