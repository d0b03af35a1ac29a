import Crypto
import Foundation
import ServiceKit

/// Says to a push service who sends (RFC 8292).
struct VAPIDKey: Sendable {
    private static let lifetime: TimeInterval = 12 * 3600

    private let key: P256.Signing.PrivateKey
    /// `mailto:` or `https:`: where a push service complains.
    private let subject: String

    /// `private` is the key's 32 bytes in base64url.
    init?(private text: String, subject: String) {
        guard let bytes = Data(base64URL: text), let key = try? P256.Signing.PrivateKey(rawRepresentation: bytes) else { return nil }
        self.key = key
        self.subject = subject
    }

    /// What a browser wants as `applicationServerKey`.
    var publicKey: String { key.publicKey.x963Representation.base64URL }

    /// The `Authorization` header for one push service.
    func authorization(for endpoint: URL, now: Date) throws -> String {
        var origin = URLComponents()
        origin.scheme = endpoint.scheme
        origin.host = endpoint.host()
        origin.port = endpoint.port
        let claims = Claims(aud: origin.string ?? "", exp: Int(now.timeIntervalSince1970 + Self.lifetime), sub: subject)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let signed = Data(#"{"typ":"JWT","alg":"ES256"}"#.utf8).base64URL + "." + (try encoder.encode(claims)).base64URL
        let signature = try key.signature(for: Data(signed.utf8)).rawRepresentation.base64URL
        return "vapid t=\(signed).\(signature), k=\(publicKey)"
    }

    private struct Claims: Encodable {
        var aud: String
        var exp: Int
        var sub: String
    }
}
