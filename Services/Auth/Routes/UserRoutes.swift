import Foundation
import Hummingbird
import Passwords
import Postgres
import ServiceKit

/// One's own account.
struct UserRoutes: Sendable {
    let users: UserStore
    let signIns: SignInStore
    let cache: SessionCache
    let hasher: PasswordHasher

    func add(to router: some RouterMethods<APIContext>) {
        router.get("/v1/users/me", use: me)
        router.patch("/v1/users/me", use: change)
        router.delete("/v1/users/me", use: delete)
        router.post("/v1/users/me/deactivate", use: deactivate)
    }

    struct PasswordBody: Decodable, Validated {
        /// Asked for where the account has one.
        var password: String?
        func validate(_ check: inout Validation) { if let password { check.anyPassword(password, "/password") } }
    }

    @Sendable func me(_ request: Request, _ context: APIContext) async throws -> Response {
        let caller = try context.require(.accountRead)
        guard let user = try await users.user(caller.userID, as: caller) else { throw APIError.notFound("user") }
        return try .json(user, request: request)
    }

    @Sendable func change(_ request: Request, _ context: APIContext) async throws -> Response {
        let caller = try context.requireCaller()
        let version = try request.ifMatch()
        let body = try await request.decode(as: ProfileChange.self, context: context)
        guard let user = try await changed(caller, body, version) else {
            throw version == nil ? APIError.notFound("user") : APIError.versionMismatch
        }
        // A session carries locale and time zone.
        if body.locale != nil || body.timezone != nil { try await cache.forgetRights(of: caller.userID) }
        return try .json(user, request: request)
    }

    @Sendable func delete(_ request: Request, _ context: APIContext) async throws -> Response {
        let caller = try context.requireCaller()
        try context.requireSecondFactor()
        let body = try await request.decode(as: PasswordBody.self, context: context)
        _ = try await signIns.proven(caller, password: body.password, at: "/password", hasher)
        let token = OpaqueToken.random()
        guard let (erasure, ended) = try await deleted(caller, token) else { throw APIError.notFound("user") }
        await cache.forget(ended, of: caller.userID)
        let started = StartedErasure(
            erasureID: erasure, token: token.text, statusURL: "\(users.mail.publicURL)/v1/auth/erasures?token=\(token.text)")
        return try .json(started, status: .accepted, request: request, headers: [.cacheControl: "no-store"])
    }

    /// Whoever comes back signs in.
    @Sendable func deactivate(_ request: Request, _ context: APIContext) async throws -> HTTPResponse.Status {
        let caller = try context.requireCaller()
        try context.requireSecondFactor()
        let body = try await request.decode(as: PasswordBody.self, context: context)
        _ = try await signIns.proven(caller, password: body.password, at: "/password", hasher)
        let ended = try await users.deactivate(caller.userID)
        await cache.forget(ended, of: caller.userID)
        return .noContent
    }

    private func deleted(_ caller: Caller, _ token: OpaqueToken) async throws -> (erasure: UUID, ended: [UUID])? {
        do {
            return try await users.delete(caller.userID, token)
        } catch let error as PostgresError where error.constraint == "agency_members_owner" {
            throw APIError.lastOwner
        }
    }

    private func changed(_ caller: Caller, _ body: ProfileChange, _ version: Int64?) async throws -> User? {
        do {
            return try await users.change(caller.userID, body, version: version, as: caller)
        } catch let error as PostgresError where error.constraint == "users_username_key" {
            throw APIError.conflict("username-taken", "Somebody else has this user name.")
        }
    }
}
