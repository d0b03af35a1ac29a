import Postgres
import ServiceKit

/// How a second factor is shown.
enum FactorMethod: String, WireEnumeration, PostgresEnumeration {
    case totp, email, sms
    case backupCode = "backup_code"
    case passkey

    /// What a token says of it (`amr`, RFC 8176).
    var reference: String {
        switch self {
        case .sms: "sms"
        case .passkey: "pop"
        case .totp, .email, .backupCode: "otp"
        }
    }

    /// Whether its code is sent when it is asked for.
    var isSent: Bool { self == .email || self == .sms }
}

extension FactorType {
    var method: FactorMethod {
        switch self {
        case .totp: .totp
        case .email: .email
        case .sms: .sms
        }
    }
}
