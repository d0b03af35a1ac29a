import Synchronization

/// Messages that are published together, and what became of each.
final class PublishBatch: Sendable {
    enum Outcome: Sendable, Equatable {
        case taken
        case rejected
        case unroutable
        case unknown
    }

    let messages: [OutgoingMessage]
    let deadline: ContinuousClock.Instant
    private let progress: Mutex<Progress>

    private struct Progress {
        var outcomes: [Outcome?]
        var missing: Int
        var continuation: CheckedContinuation<[Outcome], Never>?
    }

    init(_ messages: [OutgoingMessage], deadline: ContinuousClock.Instant, continuation: CheckedContinuation<[Outcome], Never>) {
        self.messages = messages
        self.deadline = deadline
        progress = Mutex(Progress(outcomes: Array(repeating: nil, count: messages.count), missing: messages.count, continuation: continuation))
    }

    /// The first outcome of a message stands: one that was returned is confirmed as well.
    func settle(_ index: Int, _ outcome: Outcome) {
        let finished: (CheckedContinuation<[Outcome], Never>, [Outcome])? = progress.withLock { progress in
            guard progress.outcomes[index] == nil else { return nil }
            progress.outcomes[index] = outcome
            progress.missing -= 1
            guard progress.missing == 0, let continuation = progress.continuation else { return nil }
            progress.continuation = nil
            return (continuation, progress.outcomes.map { $0 ?? .unknown })
        }
        finished?.0.resume(returning: finished?.1 ?? [])
    }

    /// Ends the wait: what is not settled is unknown, and stays so.
    func abandon() {
        for index in messages.indices { settle(index, .unknown) }
    }
}
