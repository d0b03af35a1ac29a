import Foundation
import Synchronization

/// One kind of load: the same few requests over and over, at a steady pace, by a fixed number of tasks.
final class Work: Sendable {
    let name: String
    private let tasks: Int
    private let pause: Duration
    private let once: @Sendable (_ round: Int) async throws -> Void
    private let counted = Mutex(Tally())
    private let rounds = Mutex(0)

    /// - Parameter pause: from the beginning of a round to that of the next, in one task; a round that takes longer is followed at once.
    init(_ name: String, tasks: Int = 1, every pause: Duration, _ once: @escaping @Sendable (_ round: Int) async throws -> Void) {
        self.name = name
        self.tasks = tasks
        self.pause = pause
        self.once = once
    }

    var tally: Tally { counted.withLock { $0 } }

    /// Until the task is cancelled.
    func run() async {
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<tasks { group.addTask { await self.repeatedly() } }
        }
    }

    private func repeatedly() async {
        while !Task.isCancelled {
            let next = ContinuousClock.now + pause
            let round = rounds.withLock { rounds in
                rounds += 1
                return rounds
            }
            do {
                try await once(round)
                counted.withLock { $0.done += 1 }
            } catch {
                // What the end of the load interrupts has not failed.
                guard !Task.isCancelled else { return }
                counted.withLock { tally in
                    tally.failed += 1
                    tally.lastFailure = "\(error)"
                }
            }
            try? await Task.sleep(until: next, clock: .continuous)
        }
    }
}
