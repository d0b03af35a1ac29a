import ClientKit
import Crypto
import Foundation
import ServiceKit
import Testing

@testable import Alerts

@Suite("Web Push")
struct WebPushTests {
    private func bytes(_ text: String) throws -> Data { try #require(Data(base64URL: text)) }

    /// RFC 8291, section 5 and appendix A.
    @Test("encrypts as the example of RFC 8291 does")
    func example() throws {
        let sender = try P256.KeyAgreement.PrivateKey(rawRepresentation: bytes("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"))
        let receiver = try P256.KeyAgreement.PrivateKey(rawRepresentation: bytes("q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94"))
        #expect(
            receiver.publicKey.x963Representation.base64URL
                == "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4")
        let sealed = try WebPushEncryption.seal(
            Array("When I grow up, I want to be a watermelon".utf8), for: receiver.publicKey, authSecret: bytes("BTBZMqHH6r4Tts7J_aSIgg"),
            sender: sender, salt: bytes("DGv6ra1nlYgDCS1FRnbzlw"))
        #expect(
            sealed.base64URL
                == "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
        )
    }

    @Test("a message of every length that fits is opened by its browser")
    func roundTrip() throws {
        let browser = PushBrowser()
        for length in [0, 1, 100, WebPushEncryption.mostPlaintext] {
            let plain = (0..<length).map { _ in UInt8.random(in: .min ... .max) }
            let sealed = try WebPushEncryption.seal(plain, for: browser.key.publicKey, authSecret: browser.secret)
            #expect(sealed.count <= 4096)
            #expect(try browser.open(sealed) == Data(plain))
        }
        #expect(throws: WebPushEncryption.Problem.self) {
            try WebPushEncryption.seal(
                Array(repeating: 0, count: WebPushEncryption.mostPlaintext + 1), for: browser.key.publicKey, authSecret: browser.secret)
        }
    }

    @Test("says who sends, for this push service and half a day")
    func vapid() throws {
        let key = P256.Signing.PrivateKey()
        let vapid = try #require(VAPIDKey(private: key.rawRepresentation.base64URL, subject: "mailto:push@hearth.example"))
        let now = Date(timeIntervalSince1970: 1_800_000_000)
        let header = try vapid.authorization(for: try #require(URL(string: "https://push.example:8443/send/abc?x=1")), now: now)
        let match = try #require(header.wholeMatch(of: /vapid t=([^.]+)\.([^.]+)\.([^,]+), k=(.+)/))
        #expect(String(match.4) == key.publicKey.x963Representation.base64URL)
        let signature = try P256.Signing.ECDSASignature(rawRepresentation: bytes(String(match.3)))
        #expect(key.publicKey.isValidSignature(signature, for: Data("\(match.1).\(match.2)".utf8)))
        let claims = try #require(try JSONSerialization.jsonObject(with: bytes(String(match.2))) as? [String: Any])
        #expect(claims["aud"] as? String == "https://push.example:8443")
        #expect(claims["sub"] as? String == "mailto:push@hearth.example")
        #expect(claims["exp"] as? Int == 1_800_043_200)
        #expect(try JSONSerialization.jsonObject(with: bytes(String(match.1))) as? [String: String] == ["typ": "JWT", "alg": "ES256"])
        #expect(VAPIDKey(private: "c2hvcnQ", subject: "mailto:x@y.z") == nil)
    }

    /// The example of the specification's libraries.
    @Test("signs webhooks as Standard Webhooks has it")
    func webhook() throws {
        let secret = try #require(WebhookSecret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"))
        let signature = secret.signature(id: "msg_p5jXN8AQM9LWM0D4loKWxJek", timestamp: 1_614_265_330, body: Array(#"{"test": 2432232314}"#.utf8))
        #expect(signature == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")
        #expect(WebhookSecret("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw") == nil)
        #expect(WebhookSecret("whsec_dG9vIHNob3J0") == nil)
    }
}
