import Crypto
import Foundation
import Hummingbird
import JWTKit
import Logging
import NIOCore
import ServiceKit
import Synchronization

@testable import Auth

/// An issuer, and a plain OAuth 2 server, that says whatever the test wants.
final class StandInIssuer: Sendable {
    private struct State {
        var idToken = ""
        var person = "{}"
        var forms: [String] = []
    }

    let key = ES256PrivateKey()
    private let state = Mutex(State())
    private let address = Mutex("")

    var url: String { address.withLock { $0 } }
    /// What was sent for tokens.
    var forms: [String] { state.withLock { $0.forms } }

    static func serve(_ body: @escaping @Sendable (StandInIssuer) async throws -> Void) async throws {
        let issuer = StandInIssuer()
        let router = Router(context: BasicRequestContext.self)
        router.get("/.well-known/openid-configuration") { _, _ in
            Self.json(
                """
                {"issuer":"\(issuer.url)","authorization_endpoint":"\(issuer.url)/authorize","token_endpoint":"\(issuer.url)/token",\
                "jwks_uri":"\(issuer.url)/jwks","userinfo_endpoint":"\(issuer.url)/me"}
                """)
        }
        router.get("/jwks") { _, _ in Self.json(issuer.jwks) }
        router.get("/me") { _, _ in Self.json(issuer.state.withLock { $0.person }) }
        router.post("/token") { request, _ in
            let form = String(buffer: try await request.body.collect(upTo: 10_000))
            let token = issuer.state.withLock { state in
                state.forms.append(form)
                return state.idToken
            }
            return Self.json(#"{"access_token":"theirs","token_type":"Bearer","expires_in":3600,"refresh_token":"again","id_token":"\#(token)"}"#)
        }
        let (ports, found) = AsyncStream<Int>.makeStream()
        let app = Application(
            router: router, configuration: .init(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: { channel in found.yield(channel.localAddress?.port ?? 0) },
            logger: Logger(label: "issuer") { _ in SwiftLogNoOpLogHandler() })
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await app.run() }
            for await port in ports {
                issuer.address.withLock { $0 = "http://127.0.0.1:\(port)" }
                try await body(issuer)
                break
            }
            group.cancelAll()
        }
    }

    /// What the next id_token says; signed by the issuer's key, or as told.
    func say(_ claims: [String: any Sendable], header: [String: String]? = nil, signedBy other: ES256PrivateKey? = nil, hmac: Data? = nil) throws {
        let head = try JSONSerialization.data(withJSONObject: header ?? ["alg": "ES256", "typ": "JWT", "kid": "one"]).base64URL
        let signed = head + "." + (try JSONSerialization.data(withJSONObject: claims)).base64URL
        let signature: Data
        if let hmac {
            signature = Data(HMAC<SHA256>.authenticationCode(for: Data(signed.utf8), using: SymmetricKey(data: hmac)))
        } else if header?["alg"] == "none" {
            signature = Data()
        } else {
            let key = try P256.Signing.PrivateKey(pemRepresentation: (other ?? self.key).pemRepresentation)
            signature = try key.signature(for: Data(signed.utf8)).rawRepresentation
        }
        state.withLock { $0.idToken = signed + "." + signature.base64URL }
    }

    /// What the page about the person says.
    func show(_ person: String) { state.withLock { $0.person = person } }

    var publicPEM: Data { Data(key.publicKey.pemRepresentation.utf8) }

    private var jwks: String {
        guard let key = try? P256.Signing.PublicKey(pemRepresentation: key.publicKey.pemRepresentation) else { return "{}" }
        let point = key.x963Representation
        let (x, y) = (Data(point[1...32]).base64URL, Data(point[33...64]).base64URL)
        return
            #"{"keys":[{"kty":"oct","kid":"zero","k":"AAAA"},{"kty":"EC","crv":"P-256","kid":"one","use":"sig","alg":"ES256","x":"\#(x)","y":"\#(y)"}]}"#
    }

    private static func json(_ text: String) -> Response {
        Response(status: .ok, headers: [.contentType: "application/json"], body: .init(byteBuffer: ByteBuffer(string: text)))
    }
}
