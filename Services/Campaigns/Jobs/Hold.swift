import Synchronization

/// Until when leases are certainly held: counted from before they were asked for, so never longer than the database thinks.
final class Hold: Sendable {
    private let end: Mutex<ContinuousClock.Instant>

    init(until end: ContinuousClock.Instant) { self.end = Mutex(end) }

    func extend(to new: ContinuousClock.Instant) { end.withLock { $0 = new } }

    var lasts: Bool { end.withLock { ContinuousClock.now < $0 } }
}
