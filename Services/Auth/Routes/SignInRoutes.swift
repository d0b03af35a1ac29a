import Foundation
import Hummingbird
import Passwords
import ServiceKit

/// Signing in, staying signed in, signing out.
struct SignInRoutes: Sendable {
    let signIns: SignInStore
    let refreshTokens: RefreshStore
    let sessions: SessionStore
    let challenges: ChallengeStore
    let cache: SessionCache
    let issuer: TokenIssuer
    let hasher: PasswordHasher
    let limits: EndpointLimits

    func add(to router: some RouterMethods<APIContext>) {
        router.post("/v1/auth/login", use: login)
        router.post("/v1/auth/refresh", use: refresh)
        router.post("/v1/auth/logout", use: logout)
    }

    struct LoginBody: Decodable, Validated {
        var email: EmailAddress
        var password: String
        var deviceInfo: DeviceInfo?

        enum CodingKeys: String, CodingKey {
            case email, password
            case deviceInfo = "device_info"
        }

        func validate(_ check: inout Validation) {
            check.email(email, "/email")
            check.anyPassword(password, "/password")
            deviceInfo?.validate(&check, at: "/device_info")
        }
    }

    struct RefreshBody: Decodable, Validated {
        var refreshToken: String
        enum CodingKeys: String, CodingKey { case refreshToken = "refresh_token" }
        func validate(_ check: inout Validation) { check.token(refreshToken, "/refresh_token") }
    }

    @Sendable func login(_ request: Request, _ context: APIContext) async throws -> Response {
        let body = try await request.decode(as: LoginBody.self, context: context)
        try await limits.expect("sign_in", account: body.email.text)
        let proven = try await prove(body)
        if proven.account.user.mfaEnabled {
            let challenge = try await challenges.begin(
                signInOf: proven.account, first: "pwd", device: body.deviceInfo, betterHash: proven.betterHash)
            return try .json(challenge, status: .accepted, request: request, headers: Self.unstored)
        }
        let token = OpaqueToken.random()
        let started = try await signIns.startSession(
            of: proven.account.user.id, token: token, client: .current(device: body.deviceInfo), betterHash: proven.betterHash,
            SessionProof(methods: ["pwd"]))
        guard let started else { throw APIError.invalidCredentials }
        return try await signedIn(started, token, request)
    }

    @Sendable func refresh(_ request: Request, _ context: APIContext) async throws -> Response {
        let body = try await request.decode(as: RefreshBody.self, context: context)
        switch try await refreshTokens.rotate(OpaqueToken(body.refreshToken), client: .current()) {
        case .granted(let account, let session, let proof, let token):
            _ = try await cache.resolve(session, user: account.user.id)
            let signIn = try await issuer.signIn(account, session: session, proof, refreshToken: token)
            return try .json(signIn, request: request, headers: Self.unstored)
        case .reused(let session):
            await cache.forget([session.id], of: session.userID)
            throw APIError.invalidRefreshToken
        case .refused:
            throw APIError.invalidRefreshToken
        }
    }

    @Sendable func logout(_ request: Request, _ context: APIContext) async throws -> HTTPResponse.Status {
        let caller = try context.requireCaller()
        _ = try await sessions.end(caller.sessionID, because: .signedOut, as: caller)
        await cache.forget([caller.sessionID], of: caller.userID)
        return .noContent
    }

    /// What a session begins with, whatever has proven it.
    func signedIn(_ started: StartedSession, _ token: OpaqueToken, _ request: Request) async throws -> Response {
        let expiry = Date(timeIntervalSinceNow: Double(Lifetimes.idleSession))
        await cache.put(started.account.snapshot(of: started.session.id, started.proof, until: expiry))
        let signIn = try await issuer.signIn(started.account, session: started.session.id, started.proof, refreshToken: token)
        return try .json(signIn, request: request, headers: Self.unstored)
    }

    /// The password, from somebody who has no second factor to show yet; a fresh sign-in, from somebody who has no password either. Throws `APIError`.
    func proveFirstFactor(_ caller: Caller, password: String?) async throws {
        guard !caller.hasSecondFactor else { return }
        _ = try await signIns.proven(caller, password: password, at: "/password", hasher)
    }

    private struct Proven {
        var account: Credentials
        /// The password hashed anew, when the stored hash is too cheap.
        var betterHash: String?
    }

    /// Compares the password; an account that is unknown or locked costs the same time and is refused with the same words.
    private func prove(_ body: LoginBody) async throws -> Proven {
        let stored = try await signIns.credentials(email: body.email)
        let verification = try await hasher.verified(body.password, against: stored?.passwordHash)
        guard let account = stored, !account.isLocked else {
            try await signIns.noteRefusal(of: stored?.user.id)
            throw APIError.invalidCredentials
        }
        guard verification.matches else {
            try await signIns.noteFailure(of: account.user.id, act: "sign_in_failed")
            throw APIError.invalidCredentials
        }
        guard account.user.status.maySignIn else {
            try await signIns.noteRefusal(of: account.user.id)
            throw APIError.accountSuspended
        }
        let betterHash = verification.isOutdated ? try? await hasher.hash(body.password) : nil
        return Proven(account: account, betterHash: betterHash)
    }

    /// RFC 6749 § 5.1: tokens are not for caches.
    static let unstored: HTTPFields = [.cacheControl: "no-store"]
}
