import Foundation
import Logging
import ServiceLifecycle
import Synchronization

/// One direct connection that LISTENs. It reconnects by itself; after each (re)connect every stream gets `.connected`,
/// because notifications may have been missed meanwhile.
public final class PostgresListener: Service {
    public enum Event: Sendable, Equatable {
        case connected
        case notification(channel: String, payload: String)
    }

    private struct State {
        var subscribers: [UUID: AsyncStream<Event>.Continuation] = [:]
        var isConnected = false
        var isOver = false
    }

    private static let longestBackoff = 2_000
    private let configuration: PostgresConfiguration
    private let channels: [String]
    private let logger: Logger
    private let state = Mutex(State())

    public init(_ configuration: PostgresConfiguration, channels: [String], logger: Logger) {
        self.configuration = configuration
        self.channels = channels
        self.logger = logger
    }

    /// Listens until a graceful shutdown or cancellation, then ends all streams.
    public func run() async throws {
        // Cancelled is how this ends.
        try? await cancelWhenGracefulShutdown { try await self.listenForever() }
        let subscribers = state.withLock { state in
            state.isOver = true
            return Array(state.subscribers.values)
        }
        for subscriber in subscribers { subscriber.finish() }
    }

    /// What is heard from now on. A stream that nobody reads keeps the newest 10,000. One made while connected begins with `.connected`.
    public func events() -> AsyncStream<Event> {
        let (stream, continuation) = AsyncStream.makeStream(of: Event.self, bufferingPolicy: .bufferingNewest(10_000))
        let id = UUID()
        continuation.onTermination = { [weak self] _ in _ = self?.state.withLock { $0.subscribers.removeValue(forKey: id) } }
        let isOver = state.withLock { state in
            guard !state.isOver else { return true }
            state.subscribers[id] = continuation
            if state.isConnected { continuation.yield(.connected) }
            return false
        }
        // Not under the lock, which `onTermination` takes.
        if isOver { continuation.finish() }
        return stream
    }

    private func listenForever() async throws {
        var failures = 0
        while true {
            try Task.checkCancellation()
            do {
                try await listen { failures = 0 }
            } catch let error as PostgresError {
                logger.warning("the listening connection to Postgres is gone", metadata: ["error": "\(error.message)"])
            }
            failures += 1
            try await Task.sleep(for: .milliseconds(min(Self.longestBackoff, 50 << min(failures, 6)) + Int.random(in: 0...50)))
        }
    }

    /// Returns or throws when the connection is lost.
    private func listen(connected: () -> Void) async throws {
        let (ends, end) = AsyncStream.makeStream(of: PostgresError.self)
        let owner = ListenerOwner(tell: { [weak self] in self?.tell($0) }, end: end)
        let connection = try await Connection.open(configuration, direct: true, owner: owner)
        defer {
            state.withLock { $0.isConnected = false }
            connection.close()
        }
        let listen = Unit(channels.map { "LISTEN \(identifier: $0)" }, independent: false, file: #fileID, line: #line)
        if !channels.isEmpty { _ = try await listen.answers { connection.submit(listen) } }
        connected()
        state.withLock { state in
            state.isConnected = true
            for subscriber in state.subscribers.values { subscriber.yield(.connected) }
        }
        for await error in ends { throw error }
        try Task.checkCancellation()
    }

    private func tell(_ event: Event) {
        let subscribers = state.withLock { Array($0.subscribers.values) }
        for subscriber in subscribers { subscriber.yield(event) }
    }
}
