import Foundation
import Synchronization

/// Serial queues side by side: what has one key is handled one after another, other keys meanwhile.
struct Lanes<Element: Sendable>: Sendable {
    private let lanes: [Lane]

    init(_ count: Int) { lanes = (0..<max(count, 1)).map { _ in Lane() } }

    func add(_ element: Element, key: String) { lanes[Int(UInt(bitPattern: key.hashValue) % UInt(lanes.count))].add(element) }

    /// Ends `run` once what was added is handled.
    func finish() { for lane in lanes { lane.finish() } }

    /// Handles elements until `finish()` or cancellation: of each lane whatever waits, in the order in which it was added.
    func run(_ handle: @escaping @Sendable ([Element]) async -> Void) async {
        await withTaskGroup(of: Void.self) { group in
            for lane in lanes {
                group.addTask {
                    for await _ in lane.ticks {
                        let waiting = lane.takeAll()
                        if !waiting.isEmpty { await handle(waiting) }
                    }
                }
            }
        }
    }

    private final class Lane: Sendable {
        /// One when something waits; more say nothing new.
        let ticks: AsyncStream<Void>
        private let tick: AsyncStream<Void>.Continuation
        private let waiting = Mutex<[Element]>([])

        init() { (ticks, tick) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1)) }

        func add(_ element: Element) {
            waiting.withLock { $0.append(element) }
            tick.yield()
        }

        func takeAll() -> [Element] {
            waiting.withLock { waiting in
                defer { waiting = [] }
                return waiting
            }
        }

        func finish() { tick.finish() }
    }
}
