import Crypto
import Foundation
import Testing

@testable import ServiceKit

struct AccessTokenTests {
    private let key = Curve25519.Signing.PrivateKey()
    private let caller = Caller(
        userID: UUID(), sessionID: UUID(), role: .moderator, agencies: [.init(agencyID: UUID(), role: .agent)], emailVerified: true)

    private func verify(_ text: String, at date: Date = Date()) -> AccessClaims? {
        AccessToken(text)?.claims(verifiedBy: key.publicKey, at: date)
    }

    private func token(_ change: (inout AccessClaims) -> Void = { _ in }) throws -> String {
        var claims = AccessClaims(caller)
        change(&claims)
        return try AccessToken.sign(claims, with: key, keyID: "k1")
    }

    private func forged(header: String, payload: String? = nil) throws -> String {
        let parts = try token().split(separator: ".").map(String.init)
        let signed = Data(header.utf8).base64URL + "." + (payload.map { Data($0.utf8).base64URL } ?? parts[1])
        return signed + "." + (try key.signature(for: Data(signed.utf8))).base64URL
    }

    @Test func aSignedTokenSaysWhoTheCallerIs() throws {
        let claims = try #require(verify(try token()))
        #expect(claims.userID == caller.userID)
        #expect(claims.agencies == caller.agencies)
        #expect(claims.role == .moderator)
        #expect(AccessToken(try token())?.keyID == "k1")
    }

    @Test func aTokenOfAnotherKeyIsRefused() throws {
        let other = try AccessToken.sign(AccessClaims(caller), with: Curve25519.Signing.PrivateKey(), keyID: "k1")
        #expect(verify(other) == nil)
    }

    @Test func anyChangeIsNoticed() throws {
        let text = try token()
        let parts = text.split(separator: ".").map(String.init)
        let payload = try #require(Data(base64URL: parts[1]))
        let raised = String(decoding: payload, as: UTF8.self).replacing("moderator", with: "administrator")
        #expect(verify("\(parts[0]).\(Data(raised.utf8).base64URL).\(parts[2])") == nil)
        #expect(verify("\(parts[0]).\(parts[1]).") == nil)
        #expect(verify("\(parts[0]).\(parts[1])") == nil)
        #expect(verify(text + ".") == nil)
        #expect(verify(text + "=") == nil)
    }

    @Test(arguments: [
        #"{"alg":"none","kid":"k1"}"#, #"{"alg":"HS256","kid":"k1"}"#, #"{"alg":"eddsa","kid":"k1"}"#, #"{"alg":"EdDSA"}"#,
        #"{"alg":"EdDSA","kid":"k1","crit":["exp"]}"#, #"{"alg":"EdDSA","kid":"k1","typ":"JWE"}"#, "[]", "",
    ])
    func onlyTheOneHeaderIsTaken(_ header: String) throws {
        #expect(verify(try forged(header: header)) == nil)
    }

    @Test func anUnsignedTokenIsRefused() throws {
        let parts = try token().split(separator: ".").map(String.init)
        #expect(verify(Data(#"{"alg":"none"}"#.utf8).base64URL + "." + parts[1] + ".") == nil)
    }

    @Test func claimsMustMakeSense() throws {
        #expect(verify(try token(), at: Date().addingTimeInterval(15 * 60 + 1)) == nil)
        #expect(
            verify(
                try token {
                    $0.issuedAt += 3600
                    $0.expiresAt += 3600
                }) == nil)
        #expect(verify(try token { $0.expiresAt += 86400 }) == nil)
        #expect(verify(try token { $0.issuer = "someone" }) == nil)
        #expect(verify(try token { $0.audience = "elsewhere" }) == nil)
        let payload = try #require(Data(base64URL: token().split(separator: ".")[1]))
        var claims = try #require(try JSONSerialization.jsonObject(with: payload) as? [String: Any])
        #expect(claims.removeValue(forKey: "aud") as? String == "hearth")
        let forNobody = String(decoding: try JSONSerialization.data(withJSONObject: claims), as: UTF8.self)
        #expect(verify(try forged(header: #"{"alg":"EdDSA","kid":"k1"}"#, payload: forNobody)) == nil)
        #expect(verify(try forged(header: #"{"alg":"EdDSA","kid":"k1"}"#, payload: #"{"iss":"hearth"}"#)) == nil)
    }

    @Test func aHugeTokenIsRefusedUnread() throws {
        #expect(AccessToken(String(repeating: "a", count: 5000) + ".b.c") == nil)
    }

    @Test func theKeySetSurvivesItsDocument() throws {
        let set = SigningKeySet(["k1": key.publicKey])
        let read = try SigningKeySet(jwks: set.jwks)
        #expect(read.keys["k1"]?.rawRepresentation == key.publicKey.rawRepresentation)
        let mixed = try SigningKeySet(jwks: #"{"keys":[{"kty":"RSA","kid":"r","n":"x","e":"AQAB"},{"kty":"OKP","crv":"Ed25519","kid":"b","x":"!"}]}"#)
        #expect(mixed.keys.isEmpty)
        #expect(throws: (any Error).self) { try SigningKeySet(jwks: "nonsense") }
    }
}
