import ArgumentParser
import Contracts
import Postgres

/// What waits to be sent.
struct Outbox: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Tells per service how many messages wait in the outbox, and since when the oldest does.")

    @Argument(help: "The services; all of them by default.")
    var services: [ServiceName] = ServiceName.allCases

    func run() async throws {
        let services = services
        try await Console.explaining {
            let hearth = try Operator()
            var rows = [["SERVICE", "WAITING", "OLDEST"]]
            for service in services {
                let lag = try await hearth.connected(to: service) { postgres in
                    try await postgres.first(
                        "SELECT count(*) AS waiting, (date_trunc('second', now() - min(created_at)))::text AS oldest FROM outbox", as: Lag.self)
                }
                rows.append([service.rawValue, "\(lag?.waiting ?? 0)", lag?.oldest ?? "-"])
            }
            Console.table(rows)
        }
    }

    private struct Lag: RowDecodable {
        var waiting: Int
        var oldest: String?
        init(row: Row) throws {
            waiting = try row["waiting"]
            oldest = try row["oldest"]
        }
    }
}
