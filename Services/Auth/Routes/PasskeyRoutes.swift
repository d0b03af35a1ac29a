import Foundation
import Hummingbird
import Passwords
import ServiceKit

/// Passkeys: having them, and signing in with one.
struct PasskeyRoutes: Sendable {
    let passkeys: PasskeyStore
    let signIns: SignInRoutes

    func add(to router: some RouterMethods<APIContext>) {
        router.post("/v1/auth/passkeys/options", use: signInOptions)
        router.post("/v1/auth/passkeys/login", use: login)
        router.post("/v1/auth/login/second-factor/passkey", use: secondFactorOptions)
        router.post("/v1/auth/step-up/second-factor/passkey", use: stepUpOptions)
        router.get("/v1/users/me/passkeys", use: list)
        router.post("/v1/users/me/passkeys/options", use: creationOptions)
        router.post("/v1/users/me/passkeys", use: register)
        router.patch("/v1/users/me/passkeys/{id}", use: rename)
        router.delete("/v1/users/me/passkeys/{id}", use: remove)
    }

    /// Options for the browser, under the name that its interface gives them.
    struct Options<Value: Codable & Sendable>: Codable, Sendable {
        var publicKey: Value
        enum CodingKeys: String, CodingKey { case publicKey = "public_key" }
    }

    struct List: Codable, Sendable {
        var items: [Passkey]
    }

    struct TokenBody: Decodable, Validated {
        var challengeToken: String
        enum CodingKeys: String, CodingKey { case challengeToken = "challenge_token" }
        func validate(_ check: inout Validation) { check.token(challengeToken, "/challenge_token") }
    }

    struct ProofBody: Decodable, Validated {
        /// Asked for as long as there is no second factor to show.
        var password: String?
        func validate(_ check: inout Validation) { if let password { check.anyPassword(password, "/password") } }
    }

    struct RegistrationBody: Decodable, Validated {
        var credential: RegistrationResponse
        var label: String
        func validate(_ check: inout Validation) { check.text(label, "/label", maximum: 100) }
    }

    struct LoginBody: Decodable, Validated {
        var credential: AssertionResponse
        var deviceInfo: DeviceInfo?

        enum CodingKeys: String, CodingKey {
            case credential
            case deviceInfo = "device_info"
        }

        func validate(_ check: inout Validation) { deviceInfo?.validate(&check, at: "/device_info") }
    }

    struct LabelBody: Decodable, Validated {
        var label: String
        func validate(_ check: inout Validation) { check.text(label, "/label", maximum: 100) }
    }

    @Sendable func signInOptions(_ request: Request, _ context: APIContext) async throws -> Response {
        try .json(Options(publicKey: try await passkeys.signInOptions()), status: .created, request: request, headers: SignInRoutes.unstored)
    }

    @Sendable func login(_ request: Request, _ context: APIContext) async throws -> Response {
        let body = try await request.decode(as: LoginBody.self, context: context)
        let token = OpaqueToken.random()
        guard let started = try await passkeys.signIn(body.credential, token: token, device: body.deviceInfo) else {
            throw APIError.passkeyUnknown
        }
        return try await signIns.signedIn(started, token, request)
    }

    @Sendable func secondFactorOptions(_ request: Request, _ context: APIContext) async throws -> Response {
        try await options(request, context, in: nil)
    }

    @Sendable func stepUpOptions(_ request: Request, _ context: APIContext) async throws -> Response {
        let caller = try context.requireCaller()
        return try await options(request, context, in: caller.sessionID)
    }

    @Sendable func list(_ request: Request, _ context: APIContext) async throws -> Response {
        let caller = try context.requireCaller()
        return try .json(List(items: try await passkeys.list(of: caller)), request: request)
    }

    @Sendable func creationOptions(_ request: Request, _ context: APIContext) async throws -> Response {
        let caller = try context.requireCaller()
        try context.requireSecondFactor()
        let body = try await request.decode(as: ProofBody.self, context: context)
        try await signIns.proveFirstFactor(caller, password: body.password)
        guard let options = try await passkeys.creationOptions(for: caller) else { throw APIError.sessionEnded }
        return try .json(Options(publicKey: options), status: .created, request: request, headers: SignInRoutes.unstored)
    }

    @Sendable func register(_ request: Request, _ context: APIContext) async throws -> Response {
        let caller = try context.requireCaller()
        try context.requireSecondFactor()
        let body = try await request.decode(as: RegistrationBody.self, context: context)
        let registered = try await passkeys.register(body.credential, label: body.label, as: caller)
        try await signIns.cache.forgetRights(of: caller.userID)
        return try .json(registered, status: .created, request: request, headers: SignInRoutes.unstored)
    }

    @Sendable func rename(_ request: Request, _ context: APIContext) async throws -> Response {
        let caller = try context.requireCaller()
        let id = try context.parameters.id()
        let body = try await request.decode(as: LabelBody.self, context: context)
        guard let passkey = try await passkeys.rename(id, to: body.label, as: caller) else { throw APIError.notFound("passkey") }
        return try .json(passkey, request: request)
    }

    @Sendable func remove(_ request: Request, _ context: APIContext) async throws -> HTTPResponse.Status {
        let caller = try context.requireCaller()
        try context.requireSecondFactor()
        guard try await passkeys.remove(context.parameters.id(), as: caller) else { throw APIError.notFound("passkey") }
        try await signIns.cache.forgetRights(of: caller.userID)
        return .noContent
    }

    private func options(_ request: Request, _ context: APIContext, in session: UUID?) async throws -> Response {
        let body = try await request.decode(as: TokenBody.self, context: context)
        guard let options = try await passkeys.secondFactorOptions(OpaqueToken(body.challengeToken), in: session) else {
            throw APIError.challengeEnded(at: "/challenge_token")
        }
        return try .json(Options(publicKey: options), status: .created, request: request, headers: SignInRoutes.unstored)
    }
}
