/// Why a mail was not taken, and so what to do with it.
enum SMTPFailure: Error, Equatable {
    /// The server refuses this mail for good (5xx).
    case rejected(String)
    /// The server asks to try later (4xx), or the connection broke after the server had begun to read the mail: whether it took it is not known.
    case deferred(String)
    /// The conversation never came to this mail: no connection, no TLS, a refused password. It says nothing about the mail.
    case unreachable(String)
    /// The client is shutting down.
    case closed

    var reason: String {
        switch self {
        case .rejected(let reason), .deferred(let reason), .unreachable(let reason): reason
        case .closed: "closed"
        }
    }
}
