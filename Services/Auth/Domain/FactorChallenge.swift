import Foundation

/// A second factor is asked for: what a sign-in with the right password gets when the account has one, and what a session gets that wants to step up.
struct FactorChallenge: Codable, Sendable {
    struct Method: Codable, Sendable, Hashable {
        var method: FactorMethod
        /// Where a code would be sent, not whole.
        var hint: String?
    }

    /// Stands for the first step; the second one presents it.
    var challengeToken: String
    var methods: [Method]
    /// Seconds.
    var expiresIn = Lifetimes.challenge

    enum CodingKeys: String, CodingKey {
        case methods
        case challengeToken = "challenge_token"
        case expiresIn = "expires_in"
    }

    /// `m…@example.org`
    static func hint(ofAddress email: String) -> String {
        let parts = email.split(separator: "@", maxSplits: 1)
        return "\(parts.first?.prefix(1) ?? "")…@\(parts.last ?? "")"
    }

    /// `…42`
    static func hint(ofNumber phone: String) -> String { "…\(phone.suffix(2))" }
}
