import DequeModule
import Dispatch
import Foundation
import Synchronization

/// A fixed number of threads and a queue with an end.
final class Workers: Sendable {
    private typealias Job = @Sendable () -> Void

    private struct State {
        var jobs: Deque<Job> = []
        var idle: Int
        var isClosed = false
    }

    private let state: Mutex<State>
    private let pending = DispatchSemaphore(value: 0)
    private let threads: Int
    private let waiting: Int

    init(threads: Int, waiting: Int) {
        self.threads = max(1, threads)
        self.waiting = max(0, waiting)
        state = Mutex(State(idle: max(1, threads)))
        for _ in 0..<self.threads {
            Thread.detachNewThread { self.work() }
        }
    }

    /// Runs a blocking body on one of the threads.
    func run<Result: Sendable>(_ body: @escaping @Sendable () throws -> Result) async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in
            let refusal = submit { continuation.resume(with: Swift.Result(catching: body)) }
            if let refusal { continuation.resume(throwing: refusal) }
        }
    }

    /// No new jobs; the threads end when the queue is empty.
    func close() {
        state.withLock { $0.isClosed = true }
        for _ in 0..<threads { pending.signal() }
    }

    private func submit(_ job: @escaping Job) -> PasswordError? {
        let refusal: PasswordError? = state.withLock { state in
            if state.isClosed { return .closed }
            guard state.jobs.count < state.idle + waiting else { return .busy }
            state.jobs.append(job)
            return nil
        }
        if refusal == nil { pending.signal() }
        return refusal
    }

    private func work() {
        while true {
            pending.wait()
            let job: Job? = state.withLock { state in
                guard let job = state.jobs.popFirst() else { return nil }
                state.idle -= 1
                return job
            }
            guard let job else { return }
            job()
            state.withLock { $0.idle += 1 }
        }
    }
}
