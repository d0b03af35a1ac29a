import Foundation

/// What a new password has to be: long, not the account's own address, and not one that everybody tries first. No rules about character
/// classes: they make passwords worse.
public enum PasswordRules {
    public static let minimumCharacters = 12
    public static let maximumCharacters = 256
    /// What zxcvbn calls safe even from guesses at a stolen hash begins at 10¹⁰ of them, which are 33 bits.
    static let minimumBits = 35.0

    /// A broken rule: a stable code and what to tell the person.
    public struct Flaw: Error, Sendable, Hashable {
        public var code: String
        public var detail: String
    }

    /// Nil when the password will do.
    public static func flaw(in password: String, email: String) -> Flaw? {
        let normal = password.precomposedStringWithCompatibilityMapping
        if password.utf8.contains(0) { return Flaw(code: "characters", detail: "must not contain a NUL character") }
        if password.count < minimumCharacters {
            return Flaw(code: "too_short", detail: "must have at least \(minimumCharacters) characters; a sentence is a good password")
        }
        if password.unicodeScalars.count > maximumCharacters {
            return Flaw(code: "too_long", detail: "must have at most \(maximumCharacters) characters")
        }
        if resembles(normal.lowercased(), email: email.lowercased()) { return Flaw(code: "too_similar", detail: "must not be the e-mail address") }
        if isCommon(normal, email: email) { return Flaw(code: "too_common", detail: "is among the passwords that are tried first") }
        return nil
    }

    private static func resembles(_ password: String, email: String) -> Bool {
        guard !email.isEmpty else { return false }
        let local = email.prefix { $0 != "@" }
        let letters = password.filter { $0.isLetter || $0.isNumber || $0 == "@" || $0 == "." }
        return letters.contains(email) || password == local || letters == String(local + local)
    }

    /// A common password or word with or without digits and marks around it, a run along the keyboard or the alphabet, a few characters over and over.
    private static func isCommon(_ password: String, email: String) -> Bool {
        let parts = email.split { !$0.isLetter && !$0.isNumber }.map(String.init)
        let known = ["hearth", email, String(email.prefix { $0 != "@" })] + parts
        return Guessing.bits(of: password, known: known.filter { $0.count > 2 }) < minimumBits
    }
}
