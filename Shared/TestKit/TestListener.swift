import Contracts
import Messaging
import Synchronization
import Testing

/// What a test has heard on the broker, in order.
public final class TestListener<Heard: Event>: Sendable {
    private let state = Mutex<[Heard]>([])

    public var events: [Heard] { state.withLock { $0 } }

    func hear(_ event: Heard) { state.withLock { $0.append(event) } }
}

extension TestService {
    /// Listens on the service's vhost as another service for as long as `body` takes.
    public func listening<Heard: Event, Result: Sendable>(
        to type: Heard.Type, as other: ServiceName = .analytics, _ body: (TestListener<Heard>) async throws -> Result
    ) async throws -> Result {
        try await broker.connected(other, logger: TestDatabase.logger) { broker in
            let listener = TestListener<Heard>()
            let broadcasts = Broadcasts(broker, service: other.rawValue, logger: TestDatabase.logger)
            broadcasts.on(type) { event, _ in listener.hear(event) }
            return try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await broadcasts.run() }
                try await eventually { broadcasts.isSubscribed }
                let result = try await body(listener)
                group.cancelAll()
                return result
            }
        }
    }
}
