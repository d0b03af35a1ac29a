import Crypto
import Foundation

/// A JSON Web Key Set (RFC 7517) of Ed25519 public keys. Keys of other kinds are passed over.
public struct SigningKeySet: Sendable {
    private struct Document: Codable {
        var keys: [Key]
    }

    private struct Key: Codable {
        var kty: String
        var crv: String?
        var kid: String?
        var x: String?
        var alg: String?
        var use: String?
    }

    public private(set) var keys: [String: Curve25519.Signing.PublicKey]

    public init(_ keys: [String: Curve25519.Signing.PublicKey]) {
        self.keys = keys
    }

    /// Throws when it is not a key set at all.
    public init(jwks: String) throws {
        let document = try JSONDecoder().decode(Document.self, from: Data(jwks.utf8))
        keys = [:]
        for key in document.keys where key.kty == "OKP" && key.crv == "Ed25519" {
            guard let id = key.kid, let x = key.x.flatMap({ Data(base64URL: $0) }),
                let publicKey = try? Curve25519.Signing.PublicKey(rawRepresentation: x)
            else { continue }
            keys[id] = publicKey
        }
    }

    /// The document, as it stands at `/.well-known/jwks.json`.
    public var jwks: String {
        let entries = keys.sorted { $0.key < $1.key }
            .map { Key(kty: "OKP", crv: "Ed25519", kid: $0.key, x: $0.value.rawRepresentation.base64URL, alg: "EdDSA", use: "sig") }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        // Texts alone, which always encode.
        return (try? encoder.encode(Document(keys: entries))).map { String(decoding: $0, as: UTF8.self) } ?? #"{"keys":[]}"#
    }
}
