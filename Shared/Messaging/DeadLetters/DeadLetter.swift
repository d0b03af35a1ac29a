import Foundation

/// A message that was parked, and why.
public struct DeadLetter: Sendable {
    /// The event's id.
    public var id: String
    /// The CloudEvents type; nil when the message cannot be read.
    public var type: String?
    /// `unprocessable`, `unknown type` (no copy that tried heard such messages), `retries exhausted`, or the broker's own (`delivery_limit`: it brought
    /// its process down each time).
    public var reason: String
    /// The last error's text.
    public var error: String?
    /// How often it was tried.
    public var attempts: Int
    /// RFC 3339.
    public var firstFailure: String?
    public var parkedAt: String?
    /// The whole CloudEvent, as it came.
    public var body: [UInt8]

    init(_ message: AMQPMessage) {
        id = message.messageID
        type = (try? JSONMembers(message.body))?.string("type")
        reason = message.headers[MessageHeader.reason] ?? message.headers["x-first-death-reason"] ?? "unknown"
        error = message.headers[MessageHeader.error]
        attempts = message.attempts
        firstFailure = message.headers[MessageHeader.firstFailure]
        parkedAt = message.headers[MessageHeader.parkedAt]
        body = message.body
    }
}
