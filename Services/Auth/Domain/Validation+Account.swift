import Foundation
import Passwords
import ServiceKit

extension Validation {
    mutating func email(_ address: EmailAddress, _ pointer: String) {
        self(address.isValid, pointer, "format", "must be an e-mail address")
    }

    mutating func phone(_ value: String?, _ pointer: String) {
        guard let value else { return }
        self(value.wholeMatch(of: /[+0-9][0-9 ()\/-]{4,19}/) != nil, pointer, "format", "must be a telephone number of at most 20 characters")
    }

    /// BCP 47, as far as it is in use: a language, perhaps a script, perhaps a region.
    mutating func locale(_ value: String?, _ pointer: String) {
        guard let value else { return }
        let isTag = value.wholeMatch(of: /[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?/) != nil
        self(isTag, pointer, "format", "must be a language tag such as de-DE")
    }

    mutating func timezone(_ value: String?, _ pointer: String) {
        guard let value else { return }
        let isKnown = value.utf8.count <= 50 && (value == "UTC" || value.contains("/")) && TimeZone(identifier: value) != nil
        self(isKnown, pointer, "format", "must be a time zone such as Europe/Berlin")
    }

    mutating func webAddress(_ value: String?, _ pointer: String, maximum: Int) {
        guard let value else { return }
        let url = URL(string: value)
        let isWeb = ["http", "https"].contains(url?.scheme?.lowercased()) && url?.host()?.isEmpty == false
        self(isWeb && value.unicodeScalars.count <= maximum, pointer, "format", "must be a web address of at most \(maximum) characters")
    }

    /// The rules for a new password; the address is the account's own.
    mutating func newPassword(_ password: String, of email: String, _ pointer: String) {
        if let flaw = PasswordRules.flaw(in: password, email: email) { self(false, pointer, flaw.code, flaw.detail) }
    }

    /// A password that is only compared: of any shape, but no larger than a new one could be.
    mutating func anyPassword(_ password: String, _ pointer: String) {
        let isSane = (1...PasswordRules.maximumCharacters).contains(password.unicodeScalars.count)
        self(isSane, pointer, "length", "must be 1 to \(PasswordRules.maximumCharacters) characters long")
    }

    /// A token out of a mail or an earlier answer.
    mutating func token(_ text: String, _ pointer: String) {
        self((1...200).contains(text.utf8.count), pointer, "length", "must be 1 to 200 characters long")
    }
}
