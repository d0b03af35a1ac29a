import Crypto
import Foundation
import ServiceKit

@testable import Auth

/// An authenticator in software, which does as it is told: also what a real one never would.
struct SoftwareAuthenticator: Sendable {
    static let rp = "hearth.test"
    static let origin = "http://hearth.test"

    var key = P256.Signing.PrivateKey()
    var credentialID = OpaqueToken.randomBytes()
    var rp = Self.rp
    var origin = Self.origin
    /// User present and verified.
    var flags: UInt8 = 0x05
    var count: UInt32 = 1

    func register(_ challenge: String, type: String = "webauthn.create") throws -> [String: JSONValue] {
        var data = header(flags: flags | 0x40)
        data += Data(count: 16) + Data([0, UInt8(credentialID.count)]) + credentialID
        let (x, y) = (key.publicKey.x963Representation[1...32], key.publicKey.x963Representation[33...64])
        data += Data([0xA5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20]) + x + Data([0x22, 0x58, 0x20]) + y
        var object = Data([0xA3, 0x63]) + Data("fmt".utf8) + Data([0x64]) + Data("none".utf8)
        object += Data([0x67]) + Data("attStmt".utf8) + Data([0xA0, 0x68]) + Data("authData".utf8)
        object += Data([0x59, UInt8(data.count >> 8), UInt8(data.count & 255)]) + data
        return credential([
            "clientDataJSON": .text(try clientData(challenge, type).base64URL), "attestationObject": .text(object.base64URL),
            "transports": .list([.text("internal")]),
        ])
    }

    func sign(
        _ challenge: String, user: UUID? = nil, with other: P256.Signing.PrivateKey? = nil, type: String = "webauthn.get"
    ) throws -> [String: JSONValue] {
        let client = try clientData(challenge, type)
        let data = header(flags: flags)
        let signature = try (other ?? key).signature(for: data + Data(SHA256.hash(data: client)))
        var response: [String: JSONValue] = [
            "clientDataJSON": .text(client.base64URL), "authenticatorData": .text(data.base64URL),
            "signature": .text(signature.derRepresentation.base64URL),
        ]
        if let user { response["userHandle"] = .text(user.data.base64URL) }
        return credential(response)
    }

    private func header(flags: UInt8) -> Data {
        Data(SHA256.hash(data: Data(rp.utf8))) + Data([flags]) + withUnsafeBytes(of: count.bigEndian) { Data($0) }
    }

    private func clientData(_ challenge: String, _ type: String) throws -> Data {
        try JSONEncoder().encode(["type": type, "challenge": challenge, "origin": origin])
    }

    private func credential(_ response: [String: JSONValue]) -> [String: JSONValue] {
        let id = JSONValue.text(credentialID.base64URL)
        return ["id": id, "rawId": id, "type": .text("public-key"), "response": .object(response), "clientExtensionResults": .object([:])]
    }
}
