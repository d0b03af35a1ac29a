import Crypto
import Foundation
import ServiceKit

/// Six random digits, sent by mail or text message.
struct SentCode: Sendable, Hashable {
    var text: String

    static func random() -> SentCode { SentCode(text: (0..<6).map { _ in String(UInt8.random(in: 0...9)) }.joined()) }

    /// What is stored: under a key and for one challenge, as six digits are soon tried through.
    func hash(for challenge: UUID, _ encryption: Encryption) throws -> Data {
        let fingerprint = try encryption.fingerprint(text, context: "auth.mfa_tokens.\(challenge.uuidString.lowercased())")
        return Data(SHA256.hash(data: Data(fingerprint.utf8)))
    }
}
