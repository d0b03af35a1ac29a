import Crypto
import Foundation

/// Message encryption for Web Push (RFC 8291): `aes128gcm` of RFC 8188 with one record, its key out of the browser's and one made for this message.
enum WebPushEncryption {
    /// A push service takes 4096 octets at most; this is what of them is the message's.
    static let mostPlaintext = 3993
    private static let recordSize: UInt32 = 4096

    enum Problem: Error { case tooLong, badKey }

    static func seal(
        _ plain: [UInt8], for receiver: P256.KeyAgreement.PublicKey, authSecret: Data, sender: P256.KeyAgreement.PrivateKey = .init(),
        salt: Data = Data((0..<16).map { _ in UInt8.random(in: .min ... .max) })
    ) throws -> Data {
        guard plain.count <= mostPlaintext else { throw Problem.tooLong }
        let senderPublic = sender.publicKey.x963Representation
        let shared = try sender.sharedSecretFromKeyAgreement(with: receiver)
        let info = Data("WebPush: info".utf8) + [0] + receiver.x963Representation + senderPublic
        let input = shared.hkdfDerivedSymmetricKey(using: SHA256.self, salt: authSecret, sharedInfo: info, outputByteCount: 32)
        let key = HKDF<SHA256>.deriveKey(
            inputKeyMaterial: input, salt: salt, info: Data("Content-Encoding: aes128gcm".utf8) + [0], outputByteCount: 16)
        let nonce = HKDF<SHA256>.deriveKey(inputKeyMaterial: input, salt: salt, info: Data("Content-Encoding: nonce".utf8) + [0], outputByteCount: 12)
        // 2 ends the last record.
        let box = try AES.GCM.seal(plain + [2], using: key, nonce: AES.GCM.Nonce(data: nonce.withUnsafeBytes { Data($0) }))
        let size = withUnsafeBytes(of: recordSize.bigEndian) { Data($0) }
        return salt + size + [UInt8(senderPublic.count)] + senderPublic + box.ciphertext + box.tag
    }
}
