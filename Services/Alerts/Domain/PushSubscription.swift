import Crypto
import Foundation
import ServiceKit

/// Where a browser takes messages (`PushSubscription.toJSON()`).
struct PushSubscription: Codable, Sendable {
    struct Keys: Codable, Sendable {
        /// The browser's public key, an uncompressed point on P-256, in base64url.
        var p256dh: String
        /// 16 bytes that authenticate, in base64url.
        var auth: String
    }

    var endpoint: String
    var keys: Keys

    var publicKey: P256.KeyAgreement.PublicKey? {
        Data(base64URL: keys.p256dh).flatMap { try? P256.KeyAgreement.PublicKey(x963Representation: $0) }
    }

    var secret: Data? { Data(base64URL: keys.auth).flatMap { $0.count == 16 ? $0 : nil } }
}
