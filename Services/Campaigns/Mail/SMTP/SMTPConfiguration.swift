import Foundation

/// The relay that takes Hearth's mail: `smtp://[user:password@]host[:port][?tls=none|try|required][&ca=/path/to/ca.pem]`, or `smtps://…` for TLS
/// from the first byte.
struct SMTPConfiguration: Sendable {
    enum Security: String, Sendable {
        case none
        /// STARTTLS where the server offers it.
        case `try`
        /// No mail without TLS.
        case required
    }

    enum Invalid: Error {
        case url(String)
    }

    /// Without user, password and query.
    var url: String
    var user: String?
    var password: String?
    var security: Security
    var certificateAuthorities: String?
    var connectTimeout: Duration
    /// The longest a whole conversation may take.
    var timeout: Duration
    /// How many connections, each with a thread of its own.
    var connections: Int

    init(url text: String, connections: Int = 4, connectTimeout: Duration = .seconds(10), timeout: Duration = .seconds(60)) throws {
        guard var parts = URLComponents(string: text), let scheme = parts.scheme?.lowercased(), ["smtp", "smtps"].contains(scheme),
            let host = parts.host, !host.isEmpty
        else { throw Invalid.url("SMTP_URL is not of the form smtp://host:port") }
        let query = Dictionary((parts.queryItems ?? []).map { ($0.name, $0.value ?? "") }) { $1 }
        user = parts.user
        password = parts.password
        certificateAuthorities = query["ca"]
        if let wish = query["tls"] {
            guard let security = Security(rawValue: wish) else { throw Invalid.url("SMTP_URL: tls is none, try or required") }
            self.security = security
        } else {
            // A password never crosses a network in the clear unless someone asks for it.
            security = scheme == "smtps" || user != nil ? .required : .try
        }
        parts.user = nil
        parts.password = nil
        parts.query = nil
        parts.path = ""
        url = parts.string ?? text
        self.connections = connections
        self.connectTimeout = connectTimeout
        self.timeout = timeout
    }
}
