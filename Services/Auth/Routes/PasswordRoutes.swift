import Hummingbird
import Passwords
import ServiceKit

/// Passwords that are forgotten or changed.
struct PasswordRoutes: Sendable {
    let passwords: PasswordStore
    let signIns: SignInStore
    let cache: SessionCache
    let hasher: PasswordHasher
    let limits: EndpointLimits

    func add(to router: some RouterMethods<APIContext>) {
        router.post("/v1/auth/password/forgot", use: forgot)
        router.post("/v1/auth/password/reset", use: reset)
        router.post("/v1/auth/password/change", use: change)
    }

    struct ResetBody: Decodable, Validated {
        var token: String
        var password: String
        func validate(_ check: inout Validation) {
            check.token(token, "/token")
            check.anyPassword(password, "/password")
        }
    }

    struct ChangeBody: Decodable, Validated {
        /// Asked for where the account has one: somebody who signs in otherwise chooses their first.
        var currentPassword: String?
        var newPassword: String

        enum CodingKeys: String, CodingKey {
            case currentPassword = "current_password"
            case newPassword = "new_password"
        }

        func validate(_ check: inout Validation) {
            if let currentPassword { check.anyPassword(currentPassword, "/current_password") }
            check.anyPassword(newPassword, "/new_password")
        }
    }

    @Sendable func forgot(_ request: Request, _ context: APIContext) async throws -> Response {
        let body = try await request.decode(as: RegistrationRoutes.EmailBody.self, context: context)
        try await limits.expect("password", account: body.email.text)
        try await Pace.even { try await passwords.requestReset(for: body.email) }
        return try .json(Accepted.mail, status: .accepted, request: request)
    }

    @Sendable func reset(_ request: Request, _ context: APIContext) async throws -> HTTPResponse.Status {
        let body = try await request.decode(as: ResetBody.self, context: context)
        try await reset(OpaqueToken(body.token), to: body.password)
        return .noContent
    }

    /// Throws `APIError` when the token or the password is no good.
    func reset(_ token: OpaqueToken, to password: String) async throws {
        guard let user = try await passwords.owner(of: token) else { throw APIError.uselessToken }
        try Self.check(password, of: user, "/password")
        let hash = try await hasher.hashed(password)
        guard let ended = try await passwords.reset(token, to: hash) else { throw APIError.uselessToken }
        await cache.forget(ended, of: user.id)
    }

    @Sendable func change(_ request: Request, _ context: APIContext) async throws -> HTTPResponse.Status {
        let caller = try context.requireCaller()
        try context.requireSecondFactor()
        let body = try await request.decode(as: ChangeBody.self, context: context)
        let account = try await signIns.proven(caller, password: body.currentPassword, at: "/current_password", hasher)
        try Self.check(body.newPassword, of: account.user, "/new_password")
        let hash = try await hasher.hashed(body.newPassword)
        guard let ended = try await passwords.change(caller, from: account.passwordHash, to: hash) else {
            throw APIError.wrongPassword(at: "/current_password")
        }
        await cache.forget(ended, of: caller.userID)
        return .noContent
    }

    private static func check(_ password: String, of user: User, _ pointer: String) throws {
        var check = Validation()
        check.newPassword(password, of: user.email, pointer)
        try check.finish()
    }
}
