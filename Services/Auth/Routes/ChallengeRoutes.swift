import Foundation
import Hummingbird
import ServiceKit

/// Showing a second factor: to finish a sign-in, and again within a session before something delicate.
struct ChallengeRoutes: Sendable {
    let challenges: ChallengeStore
    let signIns: SignInRoutes

    func add(to router: some RouterMethods<APIContext>) {
        router.post("/v1/auth/login/second-factor", use: finish)
        router.post("/v1/auth/login/second-factor/code", use: sendForSignIn)
        router.post("/v1/auth/step-up", use: begin)
        router.post("/v1/auth/step-up/second-factor", use: stepUp)
        router.post("/v1/auth/step-up/second-factor/code", use: sendForStepUp)
    }

    /// A token that says when the second factor was shown; the refresh token stays.
    struct SteppedUp: Codable, Sendable {
        var accessToken: String
        var tokenType = "Bearer"
        /// Seconds.
        var expiresIn = Int(AccessClaims.lifetime.components.seconds)

        enum CodingKeys: String, CodingKey {
            case accessToken = "access_token"
            case tokenType = "token_type"
            case expiresIn = "expires_in"
        }
    }

    @Sendable func finish(_ request: Request, _ context: APIContext) async throws -> Response {
        let body = try await request.decode(as: ChallengeAnswer.self, context: context)
        let token = OpaqueToken.random()
        let started = try await challenges.signIn(body, token: token).get()
        return try await signIns.signedIn(started, token, request)
    }

    @Sendable func sendForSignIn(_ request: Request, _ context: APIContext) async throws -> HTTPResponse.Status {
        let body = try await request.decode(as: CodeRequest.self, context: context)
        guard try await challenges.sendCode(body, in: nil) else { throw APIError.challengeEnded(at: "/challenge_token") }
        return .accepted
    }

    @Sendable func begin(_ request: Request, _ context: APIContext) async throws -> Response {
        let caller = try context.requireCaller()
        guard let challenge = try await challenges.begin(stepUpOf: caller) else { throw APIError.noSecondFactor }
        return try .json(challenge, status: .created, request: request, headers: SignInRoutes.unstored)
    }

    @Sendable func stepUp(_ request: Request, _ context: APIContext) async throws -> Response {
        let caller = try context.requireCaller()
        let body = try await request.decode(as: ChallengeAnswer.self, context: context)
        let started = try await challenges.stepUp(body, as: caller).get()
        _ = try await signIns.cache.resolve(started.session.id, user: caller.userID)
        let token = try await signIns.issuer.accessToken(started.account, session: started.session.id, started.proof)
        return try .json(SteppedUp(accessToken: token), request: request, headers: SignInRoutes.unstored)
    }

    @Sendable func sendForStepUp(_ request: Request, _ context: APIContext) async throws -> HTTPResponse.Status {
        let caller = try context.requireCaller()
        let body = try await request.decode(as: CodeRequest.self, context: context)
        guard try await challenges.sendCode(body, in: caller.sessionID) else { throw APIError.challengeEnded(at: "/challenge_token") }
        return .accepted
    }
}
