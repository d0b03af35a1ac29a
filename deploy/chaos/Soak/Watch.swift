import ClientKit
import Foundation

/// Looks at every process and server from the outside.
struct Watch: Sendable {
    let surroundings: Surroundings
    let database: Database
    let broker: BrokerCounts
    let redis: RedisCounts

    /// One look: the value of each series by its name.
    func look() async throws -> [Series.Name: Double] {
        var values: [Series.Name: Double] = [:]
        let connections = try await database.connections()
        for service in surroundings.services {
            guard let pid = surroundings.pid(of: service), let figures = ProcessFigures(pid: pid) else {
                throw StepFailure("\(service) does not run any more.")
            }
            values[.init(service, .memory)] = figures.privateMiB
            values[.init(service, .descriptors)] = figures.descriptors
            values[.init(service, .threads)] = figures.threads
            values[.init(service, .databaseConnections)] = Double(connections["hearth-\(service)"] ?? 0)
            values[.init(service, .outboxRows)] = Double(try await database.outbox(of: service))
        }
        if let overview = try await broker.overview() {
            values[.init("rabbitmq", .connections)] = Double(overview.connections)
            values[.init("rabbitmq", .channels)] = Double(overview.channels)
            values[.init("rabbitmq", .queues)] = Double(overview.queues)
            values[.init("rabbitmq", .messages)] = Double(overview.messages)
        }
        values[.init("redis", .connections)] = try await redis.clients()
        values[.init("campaigns", .mailsWaiting)] = Double(try await database.mailsWaiting())
        return values
    }
}
