import Logging
import Postgres
import ServiceLifecycle
import Synchronization

/// Which pages of searches are still good. The database begins a new epoch with the change that ends the old one and tells every copy; a copy that
/// was away asks.
final class SearchEpoch: Service {
    private static let prefix = "search-epoch:"

    private let postgres: Postgres
    private let listener: PostgresListener
    private let logger: Logger
    private let known = Atomic<Int64>(-1)

    init(postgres: Postgres, listener: PostgresListener, logger: Logger) {
        self.postgres = postgres
        self.listener = listener
        self.logger = logger
    }

    var number: Int64 { known.load(ordering: .relaxed) }

    func run() async throws {
        for await event in listener.events().cancelOnGracefulShutdown() {
            switch event {
            case .connected: await ask()
            case .notification(_, let payload):
                if payload.hasPrefix(Self.prefix), let number = Int64(payload.dropFirst(Self.prefix.count)) { known.max(number, ordering: .relaxed) }
            }
        }
    }

    private func ask() async {
        while !Task.isCancelled {
            do {
                let rows = try await postgres.batch(as: nil, ["SELECT epoch FROM search_epochs"])
                if let row = rows[0].first { known.max(try row["epoch"], ordering: .relaxed) }
                return
            } catch {
                logger.warning("The epoch of searches could not be read", metadata: ["error": "\(error)"])
                try? await Task.sleep(for: .seconds(1))
            }
        }
    }
}
