import Foundation
import Synchronization

/// Serial queues side by side: what has one key is handled one after another, other keys meanwhile.
struct Lanes<Element: Sendable>: Sendable {
    private let streams: [AsyncStream<Element>]
    private let continuations: [AsyncStream<Element>.Continuation]

    init(_ count: Int) {
        let pairs = (0..<max(count, 1)).map { _ in AsyncStream.makeStream(of: Element.self) }
        streams = pairs.map(\.stream)
        continuations = pairs.map(\.continuation)
    }

    func add(_ element: Element, key: String) {
        continuations[Int(UInt(bitPattern: key.hashValue) % UInt(continuations.count))].yield(element)
    }

    /// Ends `run` once what was added is handled.
    func finish() { for continuation in continuations { continuation.finish() } }

    /// Handles elements until `finish()` or cancellation.
    func run(_ handle: @escaping @Sendable (Element) async -> Void) async {
        await withTaskGroup(of: Void.self) { group in
            for stream in streams {
                group.addTask { for await element in stream { await handle(element) } }
            }
        }
    }
}
