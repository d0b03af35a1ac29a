import Hummingbird
import Passwords
import ServiceKit

/// Another address for an account. The pages only show a button: programs that follow every link in a mail use up no token.
struct EmailChangeRoutes: Sendable {
    let changes: EmailChangeStore
    let signIns: SignInStore
    let cache: SessionCache
    let hasher: PasswordHasher
    let limits: EndpointLimits

    func add(to router: some RouterMethods<APIContext>) {
        router.post("/v1/users/me/email", use: request)
        router.post("/v1/auth/email-change", use: confirm)
        router.get("/v1/auth/email-change", use: showConfirm)
        router.post("/v1/auth/email-change/page", use: confirmOnPage)
        router.post("/v1/auth/email-change/take-back", use: takeBack)
        router.get("/v1/auth/email-change/take-back", use: showTakeBack)
        router.post("/v1/auth/email-change/take-back/page", use: takeBackOnPage)
    }

    struct EmailBody: Decodable, Validated {
        var email: EmailAddress
        /// Asked for where the account has one.
        var password: String?
        func validate(_ check: inout Validation) {
            check.email(email, "/email")
            if let password { check.anyPassword(password, "/password") }
        }
    }

    @Sendable func request(_ request: Request, _ context: APIContext) async throws -> Response {
        let caller = try context.requireCaller()
        try context.requireSecondFactor()
        let body = try await request.decode(as: EmailBody.self, context: context)
        let account = try await signIns.proven(caller, password: body.password, at: "/password", hasher)
        guard body.email.text != account.user.email else {
            throw APIError.invalid([FieldError("/email", "unchanged", "is the address that the account has")])
        }
        try await limits.expect("email_change", account: body.email.text)
        try await Pace.even { try await changes.request(body.email, for: account.user) }
        return try .json(Accepted.emailChange, status: .accepted, request: request)
    }

    @Sendable func confirm(_ request: Request, _ context: APIContext) async throws -> HTTPResponse.Status {
        let body = try await request.decode(as: RegistrationRoutes.TokenBody.self, context: context)
        guard try await confirm(body.token) else { throw APIError.uselessToken }
        return .noContent
    }

    @Sendable func takeBack(_ request: Request, _ context: APIContext) async throws -> HTTPResponse.Status {
        let body = try await request.decode(as: RegistrationRoutes.TokenBody.self, context: context)
        guard try await takeBack(body.token) else { throw APIError.uselessToken }
        return .noContent
    }

    @Sendable func showConfirm(_ request: Request, _ context: APIContext) async throws -> Response {
        let token = try request.query("token", maximum: 200) ?? ""
        return LinkPage.form(action: "/v1/auth/email-change/page", token: token, asksPassword: false).response()
    }

    @Sendable func showTakeBack(_ request: Request, _ context: APIContext) async throws -> Response {
        LinkPage.takeBack(token: try request.query("token", maximum: 200) ?? "").response()
    }

    @Sendable func confirmOnPage(_ request: Request, _ context: APIContext) async throws -> Response {
        let token = try await request.form()["token"] ?? ""
        return try await page(.verified) { try await confirm(token) }
    }

    @Sendable func takeBackOnPage(_ request: Request, _ context: APIContext) async throws -> Response {
        let token = try await request.form()["token"] ?? ""
        return try await page(.takenBack) { try await takeBack(token) }
    }

    private func page(_ success: LinkPage, _ act: () async throws -> Bool) async throws -> Response {
        do {
            let isGood = try await act()
            return (isGood ? success : .useless).response(status: isGood ? .ok : .unprocessableContent)
        } catch let error as APIError where error.status == .conflict {
            return LinkPage.useless.response(status: .unprocessableContent)
        }
    }

    private func confirm(_ token: String) async throws -> Bool { try await changes.confirm(OpaqueToken(token)) != nil }

    private func takeBack(_ token: String) async throws -> Bool {
        guard let (user, ended) = try await changes.takeBack(OpaqueToken(token)) else { return false }
        await cache.forget(ended, of: user.id)
        return true
    }
}
