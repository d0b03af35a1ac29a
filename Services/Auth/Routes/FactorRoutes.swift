import Foundation
import Hummingbird
import ServiceKit

/// The second factors of an account. Whoever has one shows it before any of them changes; the first one takes the password.
struct FactorRoutes: Sendable {
    let factors: FactorStore
    let signIns: SignInRoutes
    let cache: SessionCache

    func add(to router: some RouterMethods<APIContext>) {
        router.get("/v1/users/me/second-factors", use: list)
        router.post("/v1/users/me/second-factors", use: enrol)
        router.post("/v1/users/me/second-factors/{id}/confirm", use: confirm)
        router.post("/v1/users/me/second-factors/{id}/code", use: resend)
        router.delete("/v1/users/me/second-factors/{id}", use: remove)
        router.post("/v1/users/me/backup-codes", use: renewBackupCodes)
        router.delete("/v1/users/{id}/second-factors", use: reset)
    }

    struct CodeBody: Decodable, Validated {
        var code: String
        func validate(_ check: inout Validation) { check.code(code, "/code") }
    }

    @Sendable func list(_ request: Request, _ context: APIContext) async throws -> Response {
        let caller = try context.requireCaller()
        return try .json(try await factors.list(of: caller), request: request)
    }

    @Sendable func enrol(_ request: Request, _ context: APIContext) async throws -> Response {
        let caller = try context.requireCaller()
        try context.requireSecondFactor()
        let body = try await request.decode(as: NewFactor.self, context: context)
        try await signIns.proveFirstFactor(caller, password: body.password)
        guard let enrolment = try await factors.enrol(body, as: caller) else { throw APIError.sessionEnded }
        return try .json(enrolment, status: .created, request: request, headers: SignInRoutes.unstored)
    }

    @Sendable func confirm(_ request: Request, _ context: APIContext) async throws -> Response {
        let caller = try context.requireCaller()
        let id = try context.parameters.id()
        let body = try await request.decode(as: CodeBody.self, context: context)
        guard let outcome = try await factors.confirm(id, code: body.code, as: caller) else { throw APIError.notFound("second factor") }
        let confirmed = try outcome.get(pointer: "/code")
        try await cache.forgetRights(of: caller.userID)
        return try .json(confirmed, request: request, headers: SignInRoutes.unstored)
    }

    @Sendable func resend(_ request: Request, _ context: APIContext) async throws -> HTTPResponse.Status {
        let caller = try context.requireCaller()
        guard try await factors.resend(context.parameters.id(), as: caller) else { throw APIError.notFound("second factor") }
        return .accepted
    }

    @Sendable func remove(_ request: Request, _ context: APIContext) async throws -> HTTPResponse.Status {
        let caller = try context.requireCaller()
        try context.requireSecondFactor()
        guard try await factors.remove(context.parameters.id(), as: caller) else { throw APIError.notFound("second factor") }
        try await cache.forgetRights(of: caller.userID)
        return .noContent
    }

    @Sendable func renewBackupCodes(_ request: Request, _ context: APIContext) async throws -> Response {
        let caller = try context.requireCaller()
        try context.requireSecondFactor()
        guard let codes = try await factors.renewBackupCodes(as: caller) else { throw APIError.noSecondFactor }
        return try .json(BackupCodes(backupCodes: codes.map(\.written)), status: .created, request: request, headers: SignInRoutes.unstored)
    }

    @Sendable func reset(_ request: Request, _ context: APIContext) async throws -> HTTPResponse.Status {
        try context.require(.usersManage)
        try context.requireSecondFactor()
        let user = try context.parameters.id()
        guard try await factors.reset(user) else { throw APIError.notFound("second factor") }
        try await cache.forgetRights(of: user)
        return .noContent
    }
}
