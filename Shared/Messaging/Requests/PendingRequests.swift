import Foundation
import Synchronization

/// Who waits for which answer.
final class PendingRequests: Sendable {
    typealias Continuation = CheckedContinuation<AMQPMessage, any Error>
    private let waiting = Mutex<[String: Continuation]>([:])

    func wait(_ id: String, _ continuation: Continuation) { waiting.withLock { $0[id] = continuation } }

    /// Only the first end of a request counts.
    func finish(_ id: String, _ result: Result<AMQPMessage, any Error>) {
        waiting.withLock { $0.removeValue(forKey: id) }?.resume(with: result)
    }
}
