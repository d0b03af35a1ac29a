import Crypto
import Foundation

/// A browser that takes push messages: its keys, and the other side of RFC 8291.
package struct PushBrowser: Sendable {
    package let key = P256.KeyAgreement.PrivateKey()
    package let secret = Data((0..<16).map { _ in UInt8.random(in: .min ... .max) })

    package init() {}

    /// The `keys` of its subscription, in base64url.
    package var keys: (p256dh: String, auth: String) { (Self.base64URL(key.publicKey.x963Representation), Self.base64URL(secret)) }

    private static func base64URL(_ data: Data) -> String {
        data.base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }

    /// Salt, size of a record, the sender's key, and one record.
    package func open(_ body: Data) throws -> Data {
        let body = Array(body)
        let (salt, length) = (Data(body[0..<16]), Int(body[20]))
        let sender = try P256.KeyAgreement.PublicKey(x963Representation: body[21..<(21 + length)])
        let record = body[(21 + length)...]
        let shared = try key.sharedSecretFromKeyAgreement(with: sender)
        let info = Data("WebPush: info".utf8) + [0] + key.publicKey.x963Representation + sender.x963Representation
        let input = shared.hkdfDerivedSymmetricKey(using: SHA256.self, salt: secret, sharedInfo: info, outputByteCount: 32)
        let content = HKDF<SHA256>.deriveKey(
            inputKeyMaterial: input, salt: salt, info: Data("Content-Encoding: aes128gcm".utf8) + [0], outputByteCount: 16)
        let nonce = HKDF<SHA256>.deriveKey(inputKeyMaterial: input, salt: salt, info: Data("Content-Encoding: nonce".utf8) + [0], outputByteCount: 12)
        let box = try AES.GCM.SealedBox(combined: nonce.withUnsafeBytes { Data($0) } + record)
        let plain = try AES.GCM.open(box, using: content)
        guard let end = plain.lastIndex(of: 2) else { throw CryptoKitError.incorrectParameterSize }
        return plain[..<end]
    }
}
