import Contracts
import Foundation
import Messaging
import Synchronization

/// Who is shut out, as this process knows: told all of it with the configuration, and each change by event.
final class RateLimitBlocks: Sendable {
    private struct Subject: Hashable {
        var type: String
        var identifier: String
    }

    private let held = Mutex<[Subject: RateLimitBlockSnapshot]>([:])

    func listen(on broadcasts: Broadcasts) {
        broadcasts.on(RateLimitBlocked.self) { [self] event, _ in add(event.block) }
        broadcasts.on(RateLimitUnblocked.self) { [self] event, _ in remove(event.block) }
    }

    func replace(with blocks: [RateLimitBlockSnapshot]) {
        let known = Dictionary(blocks.map { (Self.subject($0), $0) }) { $0.expiresAt > $1.expiresAt ? $0 : $1 }
        held.withLock { $0 = known }
    }

    func add(_ block: RateLimitBlockSnapshot) {
        held.withLock { held in
            if let known = held[Self.subject(block)], known.expiresAt > block.expiresAt { return }
            held[Self.subject(block)] = block
        }
    }

    func remove(_ block: RateLimitBlockSnapshot) {
        _ = held.withLock { $0.removeValue(forKey: Self.subject(block)) }
    }

    /// How long one of them is still shut out; nil when none is. Mostly nobody is shut out at all, and then nobody is asked who they are.
    func wait(of subjects: @autoclosure () -> [RateLimitSubject], at time: @autoclosure () -> Date = Date()) -> Duration? {
        let held = held.withLock { $0 }
        guard !held.isEmpty else { return nil }
        let end = subjects().compactMap { held[Subject(type: $0.identifierType, identifier: $0.identifier)]?.expiresAt }.max()
        let time = time()
        guard let end, end > time else { return nil }
        return .seconds(end.timeIntervalSince(time))
    }

    private static func subject(_ block: RateLimitBlockSnapshot) -> Subject { Subject(type: block.identifierType, identifier: block.identifier) }
}
