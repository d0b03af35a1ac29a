import Contracts
import Logging
import Messaging
import TestKit

/// Asks as another service does.
enum Requester {
    static func with(_ broker: TestBroker, _ body: @Sendable (Requests) async throws -> Void) async throws {
        try await broker.connected(.catalog) { connection in
            let requests = Requests(connection, service: "catalog", logger: Logger(label: "test"))
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await requests.run() }
                try await waitUntilAnswered(requests)
                try await body(requests)
                group.cancelAll()
            }
        }
    }

    /// The queue for the answers is declared a moment after the connection stands.
    private static func waitUntilAnswered(_ requests: Requests) async throws {
        while true {
            do {
                _ = try await requests.ask(ListSigningKeys(), within: .seconds(10))
                return
            } catch RequestError.unavailable {
                try await Task.sleep(for: .milliseconds(10))
            }
        }
    }
}
