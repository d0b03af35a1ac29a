import Foundation

/// What a new password has to be: long, not the account's own address, and not one that everybody tries first. No rules about character
/// classes: they make passwords worse.
public enum PasswordRules {
    public static let minimumCharacters = 12
    public static let maximumCharacters = 256

    /// A broken rule: a stable code and what to tell the person.
    public struct Flaw: Error, Sendable, Hashable {
        public var code: String
        public var detail: String
    }

    /// Nil when the password will do.
    public static func flaw(in password: String, email: String) -> Flaw? {
        let folded = password.precomposedStringWithCompatibilityMapping.lowercased()
        if password.utf8.contains(0) { return Flaw(code: "characters", detail: "must not contain a NUL character") }
        if password.count < minimumCharacters {
            return Flaw(code: "too_short", detail: "must have at least \(minimumCharacters) characters; a sentence is a good password")
        }
        if password.unicodeScalars.count > maximumCharacters {
            return Flaw(code: "too_long", detail: "must have at most \(maximumCharacters) characters")
        }
        if resembles(folded, email: email.lowercased()) { return Flaw(code: "too_similar", detail: "must not be the e-mail address") }
        if isCommon(folded) { return Flaw(code: "too_common", detail: "is among the passwords that are tried first") }
        return nil
    }

    private static func resembles(_ password: String, email: String) -> Bool {
        guard !email.isEmpty else { return false }
        let local = email.prefix { $0 != "@" }
        let letters = password.filter { $0.isLetter || $0.isNumber || $0 == "@" || $0 == "." }
        return letters.contains(email) || password == local || letters == String(local + local)
    }

    /// A listed password, with or without digits and marks around it, a run along the keyboard or the alphabet, or a few characters over and over.
    private static func isCommon(_ password: String) -> Bool {
        if CommonPasswords.all.contains(password) || Set(password).count < 4 { return true }
        let stem = password.trimmingCharacters(in: .letters.inverted)
        if CommonPasswords.stems.contains(stem) { return true }
        let characters = Array(password)
        if (1...characters.count / 2).contains(where: { isRepetition(characters, of: $0) }) { return true }
        return CommonPasswords.runs.contains { $0.contains(password) || String($0.reversed()).contains(password) }
    }

    private static func isRepetition(_ characters: [Character], of length: Int) -> Bool {
        guard length <= 6 else { return false }
        return characters.indices.allSatisfy { characters[$0] == characters[$0 % length] }
    }
}
