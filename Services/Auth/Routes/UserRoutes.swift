import Foundation
import Hummingbird
import Passwords
import Postgres
import ServiceKit

/// Accounts: one's own, and all of them for administrators.
struct UserRoutes: Sendable {
    let users: UserStore
    let signIns: SignInStore
    let cache: SessionCache
    let sessions: SessionStore
    let hasher: PasswordHasher

    func add(to router: some RouterMethods<APIContext>) {
        router.get("/v1/users", use: list)
        router.get("/v1/users/me", use: me)
        router.patch("/v1/users/me", use: change)
        router.delete("/v1/users/me", use: delete)
    }

    struct PasswordBody: Decodable, Validated {
        var password: String
        func validate(_ check: inout Validation) { check.anyPassword(password, "/password") }
    }

    @Sendable func list(_ request: Request, _ context: APIContext) async throws -> Page<ManagedUser> {
        let caller = try context.require(.usersManage)
        let page = try PageRequest<String>(request)
        let prefix = try request.query("email", maximum: 254)?.lowercased()
        let rows = try await users.list(emailPrefix: prefix, after: page.after, limit: page.limit, as: caller)
        try await users.noteListing(of: min(rows.count, page.limit), as: caller)
        return Page(rows, limit: page.limit, key: \.user.email)
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
        if body.locale != nil || body.timezone != nil {
            for id in try await sessions.living(of: caller) { _ = try await cache.resolve(id, user: caller.userID) }
        }
        return try .json(user, request: request)
    }

    @Sendable func delete(_ request: Request, _ context: APIContext) async throws -> HTTPResponse.Status {
        let caller = try context.requireCaller()
        try context.requireSecondFactor()
        let body = try await request.decode(as: PasswordBody.self, context: context)
        _ = try await signIns.proven(caller, password: body.password, at: "/password", hasher)
        let ended = try await deleted(caller)
        await cache.forget(ended, of: caller.userID)
        return .noContent
    }

    private func deleted(_ caller: Caller) async throws -> [UUID] {
        do {
            return try await users.delete(caller.userID)
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
