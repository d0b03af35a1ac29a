import Foundation

/// `amqp://user:password@host:port/vhost`, percent-decoded. `amqps` speaks TLS and verifies the server against `?cacertfile=` or the system's
/// certificates. Never printed: it holds a password.
struct BrokerURL: Sendable {
    var host: String
    var port: Int
    var user: String
    var password: String
    var vhost: String
    var isSecure: Bool
    var certificates: String

    init(_ text: String) throws(BrokerError) {
        guard let parts = URLComponents(string: text), let scheme = parts.scheme?.lowercased(), ["amqp", "amqps"].contains(scheme),
            let host = parts.host, !host.isEmpty
        else { throw .invalidURL }
        isSecure = scheme == "amqps"
        self.host = host
        port = parts.port ?? (isSecure ? 5671 : 5672)
        user = parts.user ?? "guest"
        password = parts.password ?? "guest"
        let path = String(parts.percentEncodedPath.dropFirst())
        guard !path.contains("/"), let decoded = path.removingPercentEncoding else { throw .invalidURL }
        vhost = decoded.isEmpty ? "/" : decoded
        certificates = parts.queryItems?.first { $0.name == "cacertfile" }?.value ?? "/etc/ssl/certs/ca-certificates.crt"
    }
}
