import Foundation
import Outbound
import Synchronization

/// Threads on which is read what strangers have made, a few at a time: neither the cooperative pool nor the machine is filled with it.
final class ReadingThreads: Sendable {
    private let threads: OperationQueue
    private let limit: Duration

    /// - Parameter limit: nobody waits longer for one reading. A reading cannot be stopped; its thread is missing until it ends.
    init(name: String, count: Int = 2, limit: Duration = .seconds(120)) {
        self.limit = limit
        threads = OperationQueue()
        threads.name = name
        threads.maxConcurrentOperationCount = count
        threads.qualityOfService = .utility
    }

    /// How many run or wait.
    var count: Int { threads.operationCount }

    /// Throws ``OutOfTime``, and what the body throws.
    func run<Result: Sendable>(_ body: @escaping @Sendable () throws -> Result) async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in
            let answer = Answer(continuation)
            threads.addOperation { [limit] in
                let late = Task {
                    try await Task.sleep(for: limit)
                    answer.give(.failure(OutOfTime()))
                }
                answer.give(Swift.Result(catching: body))
                late.cancel()
            }
        }
    }

    /// The first answer is the one.
    private final class Answer<Value: Sendable>: Sendable {
        private let waiting: Mutex<CheckedContinuation<Value, any Error>?>

        init(_ continuation: CheckedContinuation<Value, any Error>) { waiting = Mutex(continuation) }

        func give(_ result: Result<Value, any Error>) {
            let continuation = waiting.withLock { waiting in
                defer { waiting = nil }
                return waiting
            }
            continuation?.resume(with: result)
        }
    }
}
