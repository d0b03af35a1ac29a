import Foundation
import Synchronization

/// Who in this process wants to know that something of a name was committed.
final class SignalBoard: Sendable {
    private let listeners = Mutex<[String: [UUID: AsyncStream<Void>.Continuation]]>([:])

    func stream(_ name: String) -> AsyncStream<Void> {
        let (stream, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        let id = UUID()
        continuation.onTermination = { [weak self] _ in
            _ = self?.listeners.withLock { $0[name]?.removeValue(forKey: id) }
        }
        listeners.withLock { $0[name, default: [:]][id] = continuation }
        return stream
    }

    func tick(_ names: Set<String>) {
        let continuations = listeners.withLock { listeners in names.flatMap { listeners[$0].map { Array($0.values) } ?? [] } }
        for continuation in continuations { continuation.yield() }
    }
}
