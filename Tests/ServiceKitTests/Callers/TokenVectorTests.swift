import Crypto
import Foundation
import Testing

@testable import ServiceKit

/// Vectors that others have published, where they are.
enum SecurityVectors {
    static let folder: URL? = {
        let named = ProcessInfo.processInfo.environment["HEARTH_REAL_DATA"].map { URL(fileURLWithPath: $0) }
        let folder = named?.appendingPathComponent("security")
        return folder.flatMap { FileManager.default.fileExists(atPath: $0.path) ? $0 : nil }
    }()
    static let whyNot: Comment = "there are no published vectors here: set HEARTH_REAL_DATA to the folder that holds security/"

    static func read<Content: Decodable>(_ path: String, as type: Content.Type) throws -> Content {
        let folder = try #require(folder)
        return try JSONDecoder().decode(type, from: Data(contentsOf: folder.appendingPathComponent(path)))
    }
}

@Suite struct TokenVectorTests {
    private struct Signatures: Decodable {
        struct Group: Decodable {
            struct Key: Decodable { var pk: String }
            var publicKey: Key
            var publicKeyJwk: [String: String]
            var tests: [Test]
        }
        struct Test: Decodable {
            var tcId: Int
            var msg: String
            var sig: String
            var result: String
        }
        var testGroups: [Group]
    }

    private struct Tokens: Decodable {
        struct Group: Decodable { var tests: [Test] }
        struct Test: Decodable {
            var tcId: Int
            /// Nil for a case in another form than the compact one.
            var jws: String?

            enum CodingKeys: CodingKey { case tcId, jws }

            init(from decoder: any Decoder) throws {
                let container = try decoder.container(keyedBy: CodingKeys.self)
                tcId = try container.decode(Int.self, forKey: .tcId)
                jws = try? container.decodeIfPresent(String.self, forKey: .jws)
            }
        }
        var testGroups: [Group]
    }

    private struct Example: Decodable {
        struct Input: Decodable { var key: [String: String] }
        struct Output: Decodable { var compact: String }
        var input: Input
        var output: Output
    }

    @Test(.enabled(if: SecurityVectors.folder != nil, SecurityVectors.whyNot))
    func `Wycheproof: Ed25519 takes every valid signature and no other, with the keys read as JWKs`() throws {
        let vectors = try SecurityVectors.read("wycheproof/ed25519_test.json", as: Signatures.self)
        var counted: [String: Int] = [:]
        for group in vectors.testGroups {
            let jwk = String(decoding: try JSONSerialization.data(withJSONObject: group.publicKeyJwk), as: UTF8.self)
            let set = try SigningKeySet(jwks: #"{"keys":[\#(jwk)]}"#)
            let key = try #require(set.keys.values.first)
            #expect(Array(key.rawRepresentation) == Self.bytes(group.publicKey.pk))
            for test in group.tests {
                let isValid = key.isValidSignature(Self.bytes(test.sig), for: Self.bytes(test.msg))
                #expect(isValid == (test.result == "valid"), "case \(test.tcId)")
                counted[test.result, default: 0] += 1
            }
        }
        #expect(counted["valid", default: 0] > 50 && counted["invalid", default: 0] > 50)
    }

    @Test(
        .enabled(if: SecurityVectors.folder != nil, SecurityVectors.whyNot),
        arguments: ["json_web_signature_test", "json_web_key_test", "json_web_crypto_test"])
    func `Wycheproof: of the tokens of other algorithms, valid or not, none is read as one of ours`(file: String) throws {
        let tokens = try SecurityVectors.read("wycheproof/\(file).json", as: Tokens.self).testGroups.flatMap(\.tests).filter { $0.jws != nil }
        #expect(tokens.count > 20)
        for token in tokens { #expect(AccessToken(token.jws ?? "") == nil, "case \(token.tcId)") }
    }

    @Test(
        .enabled(if: SecurityVectors.folder != nil, SecurityVectors.whyNot),
        arguments: [
            "jws_4_1.rsa_v15_signature", "jws_4_2.rsa-pss_signature", "jws_4_3.ecdsa_signature", "jws_4_4.hmac-sha2_integrity_protection",
        ])
    func `RFC 7520: tokens of other algorithms are not read`(file: String) throws {
        struct Cookbook: Decodable { var output: Example.Output }
        let example = try SecurityVectors.read("jose_cookbook/\(file).json", as: Cookbook.self)
        #expect(AccessToken(example.output.compact) == nil)
    }

    /// RFC 8037, appendix A.4: its key verifies its signature, and as it names no key it is none of our tokens.
    @Test(.enabled(if: SecurityVectors.folder != nil, SecurityVectors.whyNot))
    func `RFC 8037: the signature is verified, and a token that names no key is refused`() throws {
        let example = try SecurityVectors.read("jose_cookbook/curve25519_jws.json", as: Example.self)
        let compact = example.output.compact
        let parts = compact.split(separator: ".").map(String.init)
        let x = try #require(example.input.key["x"].flatMap { Data(base64URL: $0) })
        let key = try Curve25519.Signing.PublicKey(rawRepresentation: x)
        let signature = try #require(Data(base64URL: parts[2]))
        #expect(key.isValidSignature(signature, for: Array((parts[0] + "." + parts[1]).utf8)))
        #expect(AccessToken(compact) == nil)
    }

    /// The examples of RFC 7515 (A.1 with HMAC, A.5 with no signature at all) and RFC 7519 (3.1).
    @Test(
        arguments: [
            "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk",
            "eyJhbGciOiJub25lIn0.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.",
        ])
    func `RFC 7515 and 7519: their examples are not read as tokens of ours`(token: String) { #expect(AccessToken(token) == nil) }

    private static func bytes(_ hexadecimal: String) -> [UInt8] {
        stride(from: 0, to: hexadecimal.utf8.count, by: 2).compactMap { UInt8(hexadecimal.dropFirst($0).prefix(2), radix: 16) }
    }
}
