/// A factor that is good from now on. With the first one come backup codes, which are shown once.
struct ConfirmedFactor: Codable, Sendable {
    var factor: Factor
    var backupCodes: [String]?

    enum CodingKeys: String, CodingKey {
        case factor
        case backupCodes = "backup_codes"
    }
}

/// New backup codes in the one answer that shows them; the old ones are good no longer.
struct BackupCodes: Codable, Sendable {
    var backupCodes: [String]
    enum CodingKeys: String, CodingKey { case backupCodes = "backup_codes" }
}
