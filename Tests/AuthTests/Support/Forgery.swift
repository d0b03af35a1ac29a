import Crypto
import Foundation
import ServiceKit
import Testing

/// Tokens as an attacker would make them out of a real one.
enum Forgery {
    static func of(_ token: String, _ how: String) throws -> String {
        let parts = token.split(separator: ".").map(String.init)
        var header = try object(parts[0])
        var payload = try object(parts[1])
        var signature = try #require(Data(base64URL: parts[2]))
        switch how {
        case "none":
            header["alg"] = "none"
            signature = Data()
        case "HS256":
            header["alg"] = "HS256"
            let signed = try text(header) + "." + parts[1]
            signature = Data(HMAC<SHA256>.authenticationCode(for: Data(signed.utf8), using: SymmetricKey(data: Data(parts[1].utf8))))
        case "payload":
            payload["role"] = "administrator"
        case "kid":
            header["kid"] = "../../dev/null"
        default:
            signature[0] ^= 1
        }
        return try [text(header), how == "payload" ? text(payload) : parts[1], signature.base64URL].joined(separator: ".")
    }

    private static func object(_ part: String) throws -> [String: Any] {
        let data = try #require(Data(base64URL: part))
        return try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    }

    private static func text(_ object: [String: Any]) throws -> String { try JSONSerialization.data(withJSONObject: object).base64URL }
}
