import Crypto
import Foundation

/// An Ed25519 key that signs access tokens.
public struct SigningKey: Sendable {
    /// The `kid`: the RFC 7638 thumbprint of the public key.
    public var id: String
    public var privateKey: Curve25519.Signing.PrivateKey
    public var createdAt: Date
    public var activatedAt: Date
    /// When the last token it signed has ended; nil while it signs.
    public var retiresAt: Date?

    init(privateKey: Curve25519.Signing.PrivateKey, createdAt: Date, activatedAt: Date, retiresAt: Date?) {
        self.privateKey = privateKey
        self.createdAt = createdAt
        self.activatedAt = activatedAt
        self.retiresAt = retiresAt
        let members = #"{"crv":"Ed25519","kty":"OKP","x":"\#(privateKey.publicKey.rawRepresentation.base64URL)"}"#
        id = Data(SHA256.hash(data: Data(members.utf8))).base64URL
    }
}
