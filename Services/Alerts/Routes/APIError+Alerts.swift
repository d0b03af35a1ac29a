import ServiceKit

extension APIError {
    /// The account was opened a moment ago, and the event has not come yet.
    static let accountNotKnown = APIError.conflict("account-not-known", "Your account has not arrived here yet; try again in a moment.")

    init(_ refusal: ChannelRefusal) {
        self =
            switch refusal {
            case .unknownPerson: .accountNotKnown
            case .tooMany: .conflict("too-many-channels", "You have as many channels as one may: \(Channel.mostOfOnePerson).")
            case .known: .conflict("channel-exists", "You have this channel already.")
            case .verified: .conflict("already-verified", "The channel is verified already.")
            case .noCode: .conflict("no-code", "There is no code to try: it has run out, or was tried too often. Ask for another one.")
            case .primary: .conflict("primary-channel", "One channel is the primary one: make another one that instead.")
            case .wrongCode: .invalid([FieldError("/code", "wrong", "is not the code that was sent")])
            case .tooManyCodes:
                APIError(
                    .tooManyRequests, "too-many-codes", "A code was sent a moment ago, or too many were sent.",
                    headers: [.retryAfter: String(Int(VerificationCode.pause.components.seconds))])
            }
    }
}
