import ArgumentParser

/// Roles, schemas, the broker's users, permissions and exchanges.
struct Provision: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Makes the database, its roles and schemas, and the broker's users, permissions and exchanges. Repeating it changes nothing.")

    func run() async throws {
        try await Console.explaining {
            let hearth = try Operator()
            try await hearth.provisioner().provision(
                database: hearth.database, vhost: hearth.vhost, databasePasswords: hearth.passwords("database"),
                brokerPasswords: hearth.passwords("broker"))
            Console.say("Database \(hearth.database) and vhost \(hearth.vhost) are as they should be.")
        }
    }
}
