import ServiceKit

/// What came of a code.
enum ChallengeOutcome<Met: Sendable>: Sendable {
    case met(Met)
    case wrong
    /// There is no such challenge, or it is over.
    case ended

    /// Throws `APIError` unless it was met.
    func get(pointer: String = "/challenge_token") throws -> Met {
        switch self {
        case .met(let result): return result
        case .wrong: throw APIError.wrongCode
        case .ended: throw APIError.challengeEnded(at: pointer)
        }
    }
}
