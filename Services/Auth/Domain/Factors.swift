/// All second factors of somebody, and how many backup codes are left.
struct Factors: Codable, Sendable {
    var mfaEnabled: Bool
    var items: [Factor]
    var backupCodesLeft: Int

    enum CodingKeys: String, CodingKey {
        case items
        case mfaEnabled = "mfa_enabled"
        case backupCodesLeft = "backup_codes_left"
    }
}
