import Crypto
import Foundation
import ServiceKit

/// Six random digits, sent by mail or text message.
struct SentCode: Sendable, Hashable {
    var text: String

    static func random() -> SentCode { SentCode(text: (0..<6).map { _ in String(UInt8.random(in: 0...9)) }.joined()) }

    /// What is stored: under a key and for one challenge, as six digits are soon tried through.
    func hash(for challenge: UUID, _ encryption: Encryption) throws -> Data {
        Self.hash(of: try encryption.fingerprint(text, context: Self.context(of: challenge)))
    }

    /// What may be stored of it: it may have been sent before another key became the first.
    func hashes(for challenge: UUID, _ encryption: Encryption) -> [Data] {
        encryption.fingerprints(text, context: Self.context(of: challenge)).map(Self.hash)
    }

    private static func context(of challenge: UUID) -> String { "auth.mfa_tokens.\(challenge.uuidString.lowercased())" }
    private static func hash(of fingerprint: String) -> Data { Data(SHA256.hash(data: Data(fingerprint.utf8))) }
}
