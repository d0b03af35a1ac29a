import Foundation

/// Where a server is and who we are there: a configured URL, taken apart.
struct RedisAddress: Sendable, Equatable {
    enum Endpoint: Sendable, Equatable {
        case tcp(host: String, port: Int32)
        case unix(path: String)
    }

    var endpoint: Endpoint
    var user: String?
    var password: String?
    var database = 0

    init(_ url: String) throws {
        guard let parts = URLComponents(string: url) else { throw RedisError.invalidURL("it cannot be parsed") }
        user = parts.user.flatMap { $0.isEmpty ? nil : $0 }
        password = parts.password.flatMap { $0.isEmpty ? nil : $0 }
        switch parts.scheme {
        case "redis":
            guard let host = parts.host, !host.isEmpty else { throw RedisError.invalidURL("it has no host") }
            guard let port = Int32(exactly: parts.port ?? 6379), 1...65535 ~= port else { throw RedisError.invalidURL("its port is out of range") }
            // An IPv6 address stands in brackets in a URL, and without them everywhere else.
            endpoint = .tcp(host: host.trimmingCharacters(in: ["[", "]"]), port: port)
            try readDatabase(parts.path.drop { $0 == "/" })
        case "unix":
            guard !parts.path.isEmpty else { throw RedisError.invalidURL("it has no path of a socket") }
            endpoint = .unix(path: parts.path)
            try readDatabase(Substring(parts.queryItems?.first { $0.name == "db" }?.value ?? ""))
        default:
            throw RedisError.invalidURL("its scheme must be redis or unix")
        }
    }

    private mutating func readDatabase(_ text: Substring) throws {
        guard !text.isEmpty else { return }
        guard let number = Int(text), number >= 0 else { throw RedisError.invalidURL("the database must be a number") }
        database = number
    }
}

extension RedisAddress: CustomStringConvertible {
    /// For logs: without user and password.
    var description: String {
        switch endpoint {
        case .tcp(let host, let port): "\(host):\(port)/\(database)"
        case .unix(let path): "\(path)?db=\(database)"
        }
    }
}
