import Crypto
import Foundation

/// An API key as its holder knows it: `hearth_<prefix>_<secret>`. The prefix tells keys apart in a list; only a hash of the whole is kept.
public struct APIKeySecret: Sendable, Hashable {
    public static let marker = "hearth_"
    private static let prefixLength = 10
    private static let secretLength = 43

    public let text: String

    /// Nil for what cannot be one: it is refused without asking anybody.
    public init?(_ text: String) {
        let parts = text.utf8.split(separator: UInt8(ascii: "_"), maxSplits: 2, omittingEmptySubsequences: false)
        guard text.hasPrefix(Self.marker), parts.count == 3, parts[1].count == Self.prefixLength, parts[2].count == Self.secretLength,
            parts[1].allSatisfy(Self.isHexadecimal), Data(base64URL: Substring(parts[2])) != nil
        else { return nil }
        self.text = text
    }

    private init(prefix: String, secret: Data) { text = "\(Self.marker)\(prefix)_\(secret.base64URL)" }

    /// 256 bits of the system's cryptographic generator behind a random prefix.
    public static func random() -> APIKeySecret {
        APIKeySecret(
            prefix: String(Hexadecimal.format(.random(in: .min ... .max)).suffix(prefixLength)),
            secret: SymmetricKey(size: .bits256).withUnsafeBytes { Data($0) })
    }

    /// What lists show.
    public var prefix: String { String(text.prefix(Self.marker.count + Self.prefixLength)) }

    /// What is kept, and what services ask about. A fast hash will do: there are 256 random bits to guess.
    public var hash: Data { Data(SHA256.hash(data: Data(text.utf8))) }

    private static func isHexadecimal(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
    }
}
