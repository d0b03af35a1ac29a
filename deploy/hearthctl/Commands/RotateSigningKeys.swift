import ArgumentParser
import Contracts
import ServiceKit

/// A new key for access tokens.
struct RotateSigningKeys: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Makes a new key that signs access tokens from now on. Tokens of the one before stay good until they end.",
        discussion: "Needs ENCRYPTION_KEYS (or ENCRYPTION_KEYS_FILE), as auth has it: the key is stored sealed.")

    func run() async throws {
        try await Console.explaining {
            let hearth = try Operator()
            let encryption = try Encryption(keys: hearth.settings.secret("ENCRYPTION_KEYS"))
            let key = try await hearth.connected(to: .auth) { postgres in
                try await SigningKeyStore(postgres, encryption: encryption).rotate()
            }
            Console.say("Signing with \(key.id) from now on.")
        }
    }
}
