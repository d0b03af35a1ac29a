import ArgumentParser
import Foundation
import Passwords
import ServiceKit

/// What the two commands that make accounts have in common.
struct AccountOptions: ParsableArguments {
    @Option(help: "The e-mail address.")
    var email: String

    @Option(help: "A file that holds the password. Without it HEARTH_PASSWORD is read, and asked for when that is not set.")
    var passwordFile: String?

    @Flag(help: "Say nothing when the account is there already.")
    var ifMissing = false

    func create(role: PlatformRole) async throws {
        let address = email.lowercased()
        guard address.contains("@"), (6...254).contains(address.utf8.count) else { throw CleanError("\(email) is not an e-mail address.") }
        let password = try password()
        if let flaw = PasswordRules.flaw(in: password, email: address) { throw CleanError("The password \(flaw.detail).") }
        let hash = try Bcrypt.hash(password, cost: 12)
        try await Console.explaining {
            let hearth = try Operator()
            let outcome = try await hearth.connected(to: .auth) { postgres in
                try await Accounts(postgres).create(email: address, passwordHash: hash, role: role)
            }
            if outcome != .unchanged || !ifMissing { Console.say("\(address): \(outcome.rawValue)") }
        }
    }

    private func password() throws -> String {
        if let passwordFile {
            guard let text = try? String(contentsOfFile: passwordFile, encoding: .utf8) else { throw CleanError("\(passwordFile) cannot be read.") }
            return text.trimmingCharacters(in: .newlines)
        }
        if let text = ProcessInfo.processInfo.environment["HEARTH_PASSWORD"], !text.isEmpty { return text }
        guard isatty(STDIN_FILENO) == 1 else {
            throw CleanError("No password: give --password-file or HEARTH_PASSWORD, or run it in a terminal.")
        }
        guard let pointer = getpass("Password: ") else { throw CleanError("No password was typed.") }
        return String(cString: pointer)
    }
}
