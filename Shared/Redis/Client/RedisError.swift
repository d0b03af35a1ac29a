/// Why a command has no answer.
public enum RedisError: Error, Sendable, Equatable {
    /// There is no connection, or it broke before the answer came: the command may or may not have been carried out.
    case unavailable
    /// No answer came within the time-out: the command may or may not have been carried out.
    case timeout
    /// More commands wait for answers than the configuration allows; this one was not sent.
    case overloaded
    /// The server refused the command: its own words, such as `WRONGTYPE Operation against a key …`.
    case server(String)
    /// The server answered something that this command never answers.
    case unexpectedReply(String)
    /// The configured URL cannot be read; the text says why and does not repeat the URL, which may hold a password.
    case invalidURL(String)
}

extension RedisError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .unavailable: "Redis is not reachable"
        case .timeout: "Redis did not answer in time"
        case .overloaded: "too many commands wait for Redis"
        case .server(let message): "Redis refused: \(message)"
        case .unexpectedReply(let command): "Redis gave an unexpected answer to \(command)"
        case .invalidURL(let reason): "the URL of Redis is not valid: \(reason)"
        }
    }

    /// The first word of a server's error: `WRONGTYPE`, `NOSCRIPT`, `MOVED`, `ERR`.
    public var code: Substring? {
        guard case .server(let message) = self else { return nil }
        return message.prefix { $0 != " " }
    }

    /// The server stands but cannot serve at present (it loads its data, or became a replica): another connection may reach one that can.
    var meansOtherServer: Bool {
        switch code {
        case "LOADING", "READONLY", "MASTERDOWN": true
        default: false
        }
    }
}
