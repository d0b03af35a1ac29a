import Foundation
import Postgres
import Provisioning

/// Where the figures were taken, and on which servers.
enum Machine {
    static func description(_ servers: Servers) async throws -> String {
        let processors = ProcessInfo.processInfo.processorCount
        let memory = Int((Double(ProcessInfo.processInfo.physicalMemory) / Double(1 << 30)).rounded())
        let load = text(of: "/proc/loadavg").split(separator: " ").prefix(3).joined(separator: " ")
        let kernel = text(of: "/proc/sys/kernel/osrelease").trimmingCharacters(in: .whitespacesAndNewlines)
        return """
            Machine: \(model), \(processors) cores (clients and servers share them), \(memory) GiB, Linux \(kernel); load at the end \(load).
            Servers: \(try await versions(servers)).
            """
    }

    private static func versions(_ servers: Servers) async throws -> String {
        let postgres: String = try await PostgresSession.with(PostgresConfiguration(url: servers.adminDatabaseURL), logger: Servers.logger) {
            session in
            try await session.rows("SHOW server_version").first?["server_version"] ?? "?"
        }
        let overview = try await ManagementAPI(url: servers.brokerManagementURL).send("GET", ["overview"])
        let broker = try JSONDecoder().decode(Overview.self, from: overview)
        let redis = try Tool.word(after: "redis_version:", in: await Tool.run("redis-cli", ["-u", servers.redisURL, "INFO", "server"]))
        let nginx = try Tool.word(after: "nginx/", in: await Tool.run("/usr/sbin/nginx", ["-v"]))
        return "PostgreSQL \(postgres), RabbitMQ \(broker.version) (Erlang \(broker.erlang)), Redis \(redis), nginx \(nginx)"
    }

    private struct Overview: Decodable {
        var version: String
        var erlang: String
        enum CodingKeys: String, CodingKey {
            case version = "rabbitmq_version"
            case erlang = "erlang_version"
        }
    }

    private static var model: String {
        let line = text(of: "/proc/cpuinfo").split(separator: "\n").first { $0.hasPrefix("model name") }
        return line?.split(separator: ":").last.map { $0.trimmingCharacters(in: .whitespaces) } ?? "unknown processor"
    }

    private static func text(of file: String) -> String { (try? String(contentsOfFile: file, encoding: .utf8)) ?? "?" }
}
