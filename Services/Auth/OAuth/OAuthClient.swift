import AsyncHTTPClient
import Crypto
import Foundation
import JWTKit
import NIOCore
import ServiceKit

/// Speaks to one provider: authorisation code with PKCE (RFC 7636, S256), state and nonce.
actor OAuthClient {
    private static let timeout: Int64 = 10
    private static let longestAnswer = 256 * 1024
    /// How long what an issuer says of itself is believed, and how often its keys are asked for at most.
    private static let metadataLife: Duration = .seconds(3600)
    private static let keyPause: Duration = .seconds(30)

    nonisolated let provider: OAuthProvider
    private let redirectURL: String
    private let client: HTTPClient
    private var metadata: (value: ProviderMetadata, until: ContinuousClock.Instant)?
    private var keys: (value: JWTKeyCollection, since: ContinuousClock.Instant)?

    init(_ provider: OAuthProvider, redirectURL: String, client: HTTPClient = .shared) {
        self.provider = provider
        self.redirectURL = redirectURL
        self.client = client
    }

    /// Where the browser goes. Throws `OAuthFailure` when the issuer cannot be asked where that is.
    func authorizationURL(state: OpaqueToken, nonce: String, verifier: OpaqueToken) async throws -> String {
        let endpoint: String
        switch provider.kind {
        case .openID: endpoint = try await discovered().authorizationEndpoint
        case .plain(let endpoints): endpoint = endpoints.authorization
        }
        guard var components = URLComponents(string: endpoint) else { throw OAuthFailure("its authorization endpoint is no URL") }
        let challenge = Data(SHA256.hash(data: Data(verifier.text.utf8))).base64URL
        components.queryItems =
            (components.queryItems ?? []) + [
                URLQueryItem(name: "response_type", value: "code"), URLQueryItem(name: "client_id", value: provider.clientID),
                URLQueryItem(name: "redirect_uri", value: redirectURL), URLQueryItem(name: "scope", value: provider.scopes),
                URLQueryItem(name: "state", value: state.text), URLQueryItem(name: "nonce", value: nonce),
                URLQueryItem(name: "code_challenge", value: challenge), URLQueryItem(name: "code_challenge_method", value: "S256"),
            ]
        return components.string?.replacing("+", with: "%2B") ?? endpoint
    }

    /// Who has come back with a code. Throws `OAuthFailure`.
    func identity(code: String, verifier: OpaqueToken, nonce: String) async throws -> (ProviderIdentity, ProviderTokens) {
        switch provider.kind {
        case .openID:
            let metadata = try await discovered()
            let tokens = try await exchange(code, verifier, at: metadata.tokenEndpoint, basic: metadata.wantsBasic)
            guard let idToken = tokens.idToken else { throw OAuthFailure("it gave no id_token") }
            let verified = try await verify(idToken, metadata)
            try verified.check(issuer: metadata.issuer, client: provider.clientID, nonce: nonce)
            var person = verified.person
            if person.email == nil, let endpoint = metadata.userInfoEndpoint {
                let more: PersonClaims = try await get(endpoint, bearer: tokens.accessToken)
                // § 5.3.2: a page about somebody else is not used.
                guard more.subject == person.subject else { throw OAuthFailure("its page about the person is about another") }
                person = more
            }
            return (try person.identity(from: provider), tokens)
        case .plain(let endpoints):
            let tokens = try await exchange(code, verifier, at: endpoints.token, basic: false)
            let person: PersonClaims = try await get(endpoints.userInfo, bearer: tokens.accessToken)
            return (try person.identity(from: provider), tokens)
        }
    }

    private func discovered() async throws -> ProviderMetadata {
        if let metadata, metadata.until > .now { return metadata.value }
        guard case .openID(let issuer) = provider.kind else { throw OAuthFailure("it has no discovery") }
        let found: ProviderMetadata = try await get(issuer + "/.well-known/openid-configuration", bearer: nil)
        // Discovery § 4.3; Microsoft's common endpoint speaks for all its tenants.
        let own = found.issuer.hasSuffix("/") ? String(found.issuer.dropLast()) : found.issuer
        guard own == issuer || own == issuer.replacing("/common/", with: "/{tenantid}/") else { throw OAuthFailure("it calls itself \(own)") }
        metadata = (found, .now + Self.metadataLife)
        return found
    }

    private func verify(_ token: String, _ metadata: ProviderMetadata) async throws -> IDToken {
        struct Header: Decodable { var alg: String }
        guard token.utf8.count < 16_384, let head = token.split(separator: ".").first.flatMap({ Data(base64URL: $0) }),
            let header = try? JSONDecoder().decode(Header.self, from: head), IDToken.algorithms.contains(header.alg)
        else { throw OAuthFailure("the id_token is not signed as it has to be") }
        if let keys, let verified = try? await keys.value.verify(token, as: IDToken.self, iteratingKeys: true) { return verified }
        // A key that is not known yet: asked for, and not too often.
        if let keys, ContinuousClock.now - keys.since < Self.keyPause { throw OAuthFailure("the id_token is not signed by its issuer") }
        let fresh = try await self.fresh(metadata.keys)
        keys = (fresh, .now)
        guard let verified = try? await fresh.verify(token, as: IDToken.self, iteratingKeys: true) else {
            throw OAuthFailure("the id_token is not signed by its issuer")
        }
        return verified
    }

    /// Keys of other kinds or uses are passed over.
    private func fresh(_ url: String) async throws -> JWTKeyCollection {
        let bytes = try await answer(HTTPClientRequest(url: url))
        let set = try? JSONSerialization.jsonObject(with: bytes) as? [String: Any]
        let keys = JWTKeyCollection()
        for (index, entry) in (set?["keys"] as? [[String: Any]] ?? []).prefix(50).enumerated() {
            guard entry["use"] as? String ?? "sig" == "sig", entry["kty"] as? String != "oct" else { continue }
            var entry = entry
            if entry["kid"] == nil { entry["kid"] = "#\(index)" }
            guard let json = try? JSONSerialization.data(withJSONObject: entry), let key = try? JSONDecoder().decode(JWK.self, from: json) else {
                continue
            }
            _ = try? await keys.add(jwk: key)
        }
        return keys
    }

    private func exchange(_ code: String, _ verifier: OpaqueToken, at endpoint: String, basic: Bool) async throws -> ProviderTokens {
        var request = HTTPClientRequest(url: endpoint)
        request.method = .POST
        var form = [
            ("grant_type", "authorization_code"), ("code", code), ("redirect_uri", redirectURL), ("client_id", provider.clientID),
            ("code_verifier", verifier.text),
        ]
        if basic {
            let pair = Self.escaped(provider.clientID) + ":" + Self.escaped(provider.clientSecret)
            request.headers.add(name: "Authorization", value: "Basic " + Data(pair.utf8).base64EncodedString())
        } else {
            form.append(("client_secret", provider.clientSecret))
        }
        request.headers.add(name: "Content-Type", value: "application/x-www-form-urlencoded")
        let text = form.map { "\($0.0)=\(Self.escaped($0.1))" }.joined(separator: "&")
        request.body = .bytes(ByteBuffer(string: text))
        return try Self.decode(await answer(request))
    }

    private func get<Value: Decodable>(_ url: String, bearer: String?) async throws -> Value {
        var request = HTTPClientRequest(url: url)
        if let bearer { request.headers.add(name: "Authorization", value: "Bearer \(bearer)") }
        return try Self.decode(await answer(request))
    }

    private func answer(_ request: HTTPClientRequest) async throws -> Data {
        var request = request
        request.headers.replaceOrAdd(name: "Accept", value: "application/json")
        let status: UInt
        let body: ByteBuffer
        do {
            let response = try await client.execute(request, timeout: .seconds(Self.timeout))
            status = response.status.code
            body = try await response.body.collect(upTo: Self.longestAnswer)
        } catch is CancellationError {
            throw CancellationError()
        } catch {
            throw OAuthFailure("it cannot be reached", isPassing: true)
        }
        guard status < 500 else { throw OAuthFailure("it answers \(status)", isPassing: true) }
        guard (200..<300).contains(status) else { throw OAuthFailure("it answers \(status)") }
        return Data(buffer: body)
    }

    private static func decode<Value: Decodable>(_ bytes: Data) throws(OAuthFailure) -> Value {
        do { return try JSONDecoder().decode(Value.self, from: bytes) } catch { throw OAuthFailure("its answer is not what it should be") }
    }

    private static func escaped(_ text: String) -> String {
        let unreserved = CharacterSet(charactersIn: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
        return text.addingPercentEncoding(withAllowedCharacters: unreserved) ?? ""
    }
}

extension ProviderMetadata {
    /// Basic is what an issuer takes that says nothing (Discovery § 3).
    fileprivate var wantsBasic: Bool { authenticationMethods?.contains("client_secret_basic") ?? true }
}
