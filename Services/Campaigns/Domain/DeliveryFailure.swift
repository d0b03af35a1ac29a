/// Why a mail will not be sent any more.
struct DeliveryFailure: Error, Equatable {
    enum Reason: String, Sendable {
        case rejected
        case retriesExhausted = "retries_exhausted"
        case suppressed
        case template
    }

    var reason: Reason
    /// For people.
    var detail: String

    var status: EmailStatus { reason == .suppressed ? .suppressed : .failed }
}
