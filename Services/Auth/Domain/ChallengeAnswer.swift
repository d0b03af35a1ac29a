import ServiceKit

/// What somebody shows to meet a challenge.
struct ChallengeAnswer: Decodable, Sendable, Validated {
    var challengeToken: String
    var method: FactorMethod
    var code: String?
    /// What an authenticator has signed, for `passkey`.
    var credential: AssertionResponse?

    enum CodingKeys: String, CodingKey {
        case method, code, credential
        case challengeToken = "challenge_token"
    }

    func validate(_ check: inout Validation) {
        check.token(challengeToken, "/challenge_token")
        if method == .passkey {
            check(credential != nil, "/credential", "required", "is required")
        } else {
            check(code != nil, "/code", "required", "is required")
            if let code { check.code(code, "/code") }
        }
    }

    /// What is shown; what is missing has been refused before.
    var shown: ShownFactor {
        if method == .passkey, let credential { return .signature(credential) }
        return .code(code ?? "")
    }
}

/// The wish for a code by mail or text message.
struct CodeRequest: Decodable, Sendable, Validated {
    var challengeToken: String
    var method: FactorMethod

    enum CodingKeys: String, CodingKey {
        case method
        case challengeToken = "challenge_token"
    }

    func validate(_ check: inout Validation) {
        check.token(challengeToken, "/challenge_token")
        check(method.isSent, "/method", "unknown_value", "must be one of: email, sms")
    }
}

extension Validation {
    /// A code that is only compared.
    mutating func code(_ text: String, _ pointer: String) {
        self((1...40).contains(text.utf8.count), pointer, "length", "must be 1 to 40 characters long")
    }
}
