import Foundation
import ServiceKit

/// Six digits that show that a channel leads to the person who added it.
struct VerificationCode: Sendable {
    static let lifetime: Duration = .seconds(600)
    /// Tries at one code.
    static let mostAttempts = 5
    /// Codes to one channel that is never verified.
    static let mostCodes = 5
    /// Between two codes to one channel.
    static let pause: Duration = .seconds(60)

    let digits: String

    init() {
        var random = SystemRandomNumberGenerator()
        digits = String(format: "%06d", Int.random(in: 0..<1_000_000, using: &random))
    }

    init(digits: String) { self.digits = digits }

    /// What is kept of it.
    func hash(for channel: UUID, by encryption: Encryption) throws -> String {
        try encryption.fingerprint("\(channel.uuidString.lowercased()) \(digits)", context: "alerts.notification_channels.verification_code")
    }
}
