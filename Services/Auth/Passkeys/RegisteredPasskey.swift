/// A new passkey. With the first second factor come backup codes, which are shown once.
struct RegisteredPasskey: Codable, Sendable {
    var passkey: Passkey
    var backupCodes: [String]?

    enum CodingKeys: String, CodingKey {
        case passkey
        case backupCodes = "backup_codes"
    }
}
