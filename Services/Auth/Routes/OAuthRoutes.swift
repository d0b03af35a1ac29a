import Foundation
import Hummingbird
import ServiceKit

/// Signing in with an account elsewhere, and connecting one.
struct OAuthRoutes: Sendable {
    let clients: [String: OAuthClient]
    let store: OAuthStore
    let signIns: SignInRoutes

    func add(to router: some RouterMethods<APIContext>) {
        router.get("/v1/auth/oauth/providers", use: providers)
        router.post("/v1/auth/oauth/providers/{provider}/authorize", use: beginSignIn)
        router.post("/v1/auth/oauth/callback", use: signIn)
        router.get("/v1/users/me/oauth-connections", use: list)
        router.post("/v1/users/me/oauth-providers/{provider}/authorize", use: beginConnecting)
        router.post("/v1/users/me/oauth-connections", use: connect)
        router.delete("/v1/users/me/oauth-connections/{id}", use: disconnect)
    }

    struct Provider: Codable, Sendable {
        var name: String
        var label: String
    }

    struct List<Item: Codable & Sendable>: Codable, Sendable {
        var items: [Item]
    }

    struct DeviceBody: Decodable, Validated {
        var deviceInfo: DeviceInfo?
        enum CodingKeys: String, CodingKey { case deviceInfo = "device_info" }
        func validate(_ check: inout Validation) { deviceInfo?.validate(&check, at: "/device_info") }
    }

    struct ProofBody: Decodable, Validated {
        /// Of an account that has one, and no second factor to show.
        var password: String?
        func validate(_ check: inout Validation) { if let password { check.anyPassword(password, "/password") } }
    }

    @Sendable func providers(_ request: Request, _ context: APIContext) async throws -> Response {
        let items = clients.values.map { Provider(name: $0.provider.name, label: $0.provider.label) }.sorted { $0.name < $1.name }
        return try .json(List(items: items), request: request)
    }

    @Sendable func beginSignIn(_ request: Request, _ context: APIContext) async throws -> Response {
        let body = try await request.decode(as: DeviceBody.self, context: context)
        return try await begin(client(of: context), device: body.deviceInfo, for: nil, request)
    }

    @Sendable func signIn(_ request: Request, _ context: APIContext) async throws -> Response {
        let callback = try await request.decode(as: OAuthCallback.self, context: context)
        let (attempt, client, identity, tokens) = try await identify(callback, by: nil)
        let token = OpaqueToken.random()
        switch try await store.signIn(identity, tokens, from: client.provider, device: attempt.device, token: token) {
        case .session(let started): return try await signIns.signedIn(started, token, request)
        case .challenge(let challenge):
            return try .json(challenge, status: .accepted, request: request, headers: SignInRoutes.unstored)
        }
    }

    @Sendable func list(_ request: Request, _ context: APIContext) async throws -> Response {
        let caller = try context.requireCaller()
        return try .json(List(items: try await store.list(of: caller)), request: request)
    }

    @Sendable func beginConnecting(_ request: Request, _ context: APIContext) async throws -> Response {
        let caller = try context.requireCaller()
        try context.requireSecondFactor()
        let body = try await request.decode(as: ProofBody.self, context: context)
        let client = try client(of: context)
        try await signIns.proveFirstFactor(caller, password: body.password)
        return try await begin(client, device: nil, for: caller, request)
    }

    @Sendable func connect(_ request: Request, _ context: APIContext) async throws -> Response {
        let caller = try context.requireCaller()
        let callback = try await request.decode(as: OAuthCallback.self, context: context)
        let (_, client, identity, tokens) = try await identify(callback, by: caller)
        let connection = try await store.connect(identity, tokens, from: client.provider, to: caller)
        return try .json(connection, status: .created, request: request)
    }

    @Sendable func disconnect(_ request: Request, _ context: APIContext) async throws -> HTTPResponse.Status {
        let caller = try context.requireCaller()
        try context.requireSecondFactor()
        guard try await store.disconnect(context.parameters.id(), as: caller) else { throw APIError.notFound("connection") }
        return .noContent
    }

    private func client(of context: APIContext) throws -> OAuthClient {
        guard let client = clients[try context.parameters.require("provider")] else { throw APIError.notFound("provider") }
        return client
    }

    private func begin(_ client: OAuthClient, device: DeviceInfo?, for caller: Caller?, _ request: Request) async throws -> Response {
        let (state, attempt, verifier) = (OpaqueToken.random(), OpaqueToken.random(), OpaqueToken.random())
        let nonce = OpaqueToken.random().text
        let url = try await asking(client) { try await client.authorizationURL(state: state, nonce: nonce, verifier: verifier) }
        try await store.begin(client.provider, state: state, attempt: attempt, nonce: nonce, verifier: verifier, device: device, for: caller)
        let begun = BegunOAuth(authorizationURL: url, attemptToken: attempt.text)
        return try .json(begun, status: .created, request: request, headers: SignInRoutes.unstored)
    }

    /// No transaction is open while the provider is asked.
    private func identify(
        _ callback: OAuthCallback, by caller: Caller?
    ) async throws -> (OAuthAttempt, OAuthClient, ProviderIdentity, ProviderTokens) {
        guard let (attempt, verifier) = try await store.use(callback, by: caller), let client = clients[attempt.provider] else {
            throw APIError.attemptEnded
        }
        let (identity, tokens) = try await asking(client) {
            try await client.identity(code: callback.code, verifier: verifier, nonce: attempt.nonce)
        }
        return (attempt, client, identity, tokens)
    }

    private func asking<Result: Sendable>(_ client: OAuthClient, _ body: () async throws -> Result) async throws -> Result {
        do {
            return try await body()
        } catch let failure as OAuthFailure {
            throw APIError.provider(failure, client.provider.label)
        }
    }
}
