/// AMQP headers of Hearth's own.
enum MessageHeader {
    /// The CloudEvent's subject, so that a message finds its lane before its JSON is read.
    static let subject = "x-hearth-subject"
    /// How often the message has been tried.
    static let attempts = "x-hearth-attempts"
    /// Why it is in the dead letters: `unprocessable`, `unknown type`, `retries exhausted`.
    static let reason = "x-hearth-reason"
    /// The last error's text, bounded.
    static let error = "x-hearth-error"
    /// When it first failed and when it was parked, RFC 3339.
    static let firstFailure = "x-hearth-first-failure"
    static let parkedAt = "x-hearth-parked-at"
    /// On an answer: the name of the error, whose message is the body.
    static let slug = "x-hearth-slug"
}
