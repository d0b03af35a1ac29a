import Synchronization

/// When the database was away, as this copy has seen it. Right after an outage leases may have run out whose holders could neither renew them nor write what has
/// become of their mails: they get the time of a lease to do so before anybody sends those mails again.
final class Outages: Sendable {
    private let last = Mutex<ContinuousClock.Instant?>(nil)

    func note() { last.withLock { $0 = .now } }

    func areOver(for time: Duration) -> Bool { last.withLock { last in last.map { ContinuousClock.now - $0 > time } ?? true } }
}
