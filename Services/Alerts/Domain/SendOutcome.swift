/// What came of handing a message over.
enum SendOutcome: Sendable, Equatable {
    /// It is on its way, or (`isThere`) where it can be read.
    case taken(String, isThere: Bool)
    /// It will never be taken; where the other side `isGone`, nor will any other.
    case rejected(String, isGone: Bool)
    /// Later perhaps, not before so many seconds.
    case deferred(String, after: Double?)
}
