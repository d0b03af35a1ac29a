import Foundation
import Synchronization

/// Tells the steps as they happen: each line begins with the milliseconds since its step began.
final class Story: Sendable {
    private let write: @Sendable (String) -> Void
    private let steps = Mutex(0)
    private let start = ContinuousClock.now

    init(_ write: @escaping @Sendable (String) -> Void = { FileHandle.standardOutput.write(Data(($0 + "\n").utf8)) }) { self.write = write }

    static let silent = Story { _ in }

    func step<Result>(_ title: String, _ body: (Step) async throws -> Result) async throws -> Result {
        let number = steps.withLock { steps in
            steps += 1
            return steps
        }
        write("\n\(number). \(title)")
        let step = Step(write: write)
        let result = try await body(step)
        return result
    }

    func say(_ text: String) { write(text) }

    func end(_ text: String) {
        write("\n\(text) (\(Self.milliseconds(since: start)) ms in all)")
    }

    struct Step: Sendable {
        fileprivate let write: @Sendable (String) -> Void
        private let start = ContinuousClock.now

        fileprivate init(write: @escaping @Sendable (String) -> Void) { self.write = write }

        func say(_ text: String) {
            let time = String(Story.milliseconds(since: start))
            write(String(repeating: " ", count: max(0, 8 - time.count)) + "\(time) ms  \(text)")
        }

        /// Words of somebody else, set apart.
        func quote(_ text: String) {
            for line in text.split(separator: "\n", omittingEmptySubsequences: false) { write("             | \(line)") }
        }
    }

    fileprivate static func milliseconds(since start: ContinuousClock.Instant) -> Int64 {
        let passed = ContinuousClock.now - start
        return passed.components.seconds * 1000 + passed.components.attoseconds / 1_000_000_000_000_000
    }
}
