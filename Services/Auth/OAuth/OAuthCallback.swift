import ServiceKit

/// What the browser has brought back from a provider (RFC 6749 § 4.1.2), with what the client has kept.
struct OAuthCallback: Decodable, Sendable, Validated {
    var state: String
    var code: String
    var attemptToken: String

    enum CodingKeys: String, CodingKey {
        case state, code
        case attemptToken = "attempt_token"
    }

    func validate(_ check: inout Validation) {
        check.token(state, "/state")
        check.token(attemptToken, "/attempt_token")
        check((1...4096).contains(code.utf8.count), "/code", "length", "must be 1 to 4096 characters long")
    }
}
