import Foundation
import Synchronization

/// What a fetcher decided on the way to one page, in order.
final class FetchJournal: Sendable {
    /// Hops and tries are bounded, and so is this.
    static let most = 100

    private let entries = Mutex<[FetchDecision]>([])

    var decisions: [FetchDecision] { entries.withLock { $0 } }

    func add(_ decision: FetchDecision) {
        entries.withLock { if $0.count < Self.most { $0.append(decision) } }
    }
}
