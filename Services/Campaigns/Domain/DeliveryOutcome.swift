import Foundation

/// What became of one attempt.
enum DeliveryOutcome: Sendable {
    case sent(SMTPReply, at: Date)
    /// `counted` is false for an attempt that never came to the mail itself.
    case retry(after: Duration, reason: String, counted: Bool)
    case failed(DeliveryFailure)
}
