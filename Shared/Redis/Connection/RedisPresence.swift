import Synchronization

/// How many connections stand, told by the lanes.
final class RedisPresence: Sendable {
    private let standing = Atomic<Int>(0)
    private let losses = Atomic<Int>(0)

    func gained() { standing.add(1, ordering: .sequentiallyConsistent) }

    func lost() {
        losses.add(1, ordering: .sequentiallyConsistent)
        standing.subtract(1, ordering: .sequentiallyConsistent)
    }

    var count: Int { standing.load(ordering: .relaxed) }
    /// Grows with every connection lost: while it stays the same, it has been the same server with the same data.
    var epoch: Int { losses.load(ordering: .sequentiallyConsistent) }
}
