import Crypto
import Foundation

/// AES-256-GCM under named keys. The sealed form carries the key's id, so keys rotate; `context` (such as `catalog.listings.contact_phone`)
/// is authenticated, so a value cannot be moved to another column.
///
/// Sealed form: a version byte (1), the length of the key's id, the id, 12 bytes of nonce, the ciphertext, 16 bytes of tag.
public struct Encryption: Sendable {
    static let version: UInt8 = 1
    private let keys: [String: SymmetricKey]
    /// The id of the first key.
    public let current: String

    /// `ENCRYPTION_KEYS`: `id:base64(32 bytes)` separated by commas, the first one seals. Throws `SettingError`, which never holds a key.
    public init(keys text: String) throws {
        var keys: [String: SymmetricKey] = [:]
        var first: String?
        for entry in text.split(separator: ",") {
            let parts = entry.split(separator: ":", maxSplits: 1).map { $0.trimmingCharacters(in: .whitespaces) }
            guard parts.count == 2, (1...64).contains(parts[0].utf8.count), let bytes = Data(base64Encoded: parts[1]), bytes.count == 32,
                keys.updateValue(SymmetricKey(data: bytes), forKey: parts[0]) == nil
            else {
                throw SettingError("ENCRYPTION_KEYS", "is not a list of id:base64(32 bytes) with ids of their own")
            }
            first = first ?? parts[0]
        }
        guard let first else { throw SettingError("ENCRYPTION_KEYS", "holds no key") }
        self.keys = keys
        current = first
    }

    /// A keyed hash (HMAC-SHA256 under the first key) in hexadecimal digits, for comparing what must not be guessed at from the hash. It differs
    /// once another key is the first.
    public func fingerprint(_ text: String, context: String) throws -> String {
        guard let key = keys[current] else { throw EncryptionError.unknownKey(current) }
        return Self.fingerprint(text, context: context, under: key)
    }

    /// The keyed hashes of a text under every key, for finding what may have been stored before another key became the first.
    public func fingerprints(_ text: String, context: String) -> [String] {
        keys.values.map { Self.fingerprint(text, context: context, under: $0) }
    }

    /// Whether a fingerprint was made from the text, under any of the keys: one made before another key became the first still counts.
    public func isFingerprint(_ fingerprint: String, of text: String, context: String) -> Bool {
        fingerprints(text, context: context).contains(fingerprint)
    }

    private static func fingerprint(_ text: String, context: String, under key: SymmetricKey) -> String {
        let derived = HKDF<SHA256>.deriveKey(inputKeyMaterial: key, info: Data(context.utf8), outputByteCount: 32)
        return HMAC<SHA256>.authenticationCode(for: Data(text.utf8), using: derived).map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }
            .joined()
    }

    /// Seals under the first key.
    public func seal(_ plain: [UInt8], context: String) throws -> [UInt8] {
        guard let key = keys[current] else { throw EncryptionError.unknownKey(current) }
        let box = try AES.GCM.seal(plain, using: key, authenticating: Array(context.utf8))
        var sealed: [UInt8] = [Self.version, UInt8(current.utf8.count)]
        sealed.reserveCapacity(2 + current.utf8.count + plain.count + 28)
        sealed += current.utf8
        sealed += box.nonce
        sealed += box.ciphertext
        sealed += box.tag
        return sealed
    }

    /// Throws `EncryptionError`: made under a key that is no longer there, for another context, or damaged.
    public func open(_ sealed: [UInt8], context: String) throws -> [UInt8] {
        guard sealed.count >= 2, sealed[0] == Self.version else { throw EncryptionError.malformed }
        let body = 2 + Int(sealed[1])
        guard sealed.count >= body + 28 else { throw EncryptionError.malformed }
        let id = String(decoding: sealed[2..<body], as: UTF8.self)
        guard let key = keys[id] else { throw EncryptionError.unknownKey(id) }
        do {
            let box = try AES.GCM.SealedBox(combined: sealed[body...])
            return Array(try AES.GCM.open(box, using: key, authenticating: Array(context.utf8)))
        } catch {
            throw EncryptionError.notAuthentic
        }
    }

    /// Seals the UTF-8 bytes of a text.
    public func seal(_ plain: String, context: String) throws -> [UInt8] { try seal(Array(plain.utf8), context: context) }

    /// Opens what was sealed from a text.
    public func openString(_ sealed: [UInt8], context: String) throws -> String {
        guard let text = String(validating: try open(sealed, context: context), as: UTF8.self) else { throw EncryptionError.malformed }
        return text
    }
}
