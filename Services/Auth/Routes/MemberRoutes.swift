import Foundation
import Hummingbird
import ServiceKit

/// Who belongs to an agency. People join by invitation.
struct MemberRoutes: Sendable {
    let members: MemberStore
    let sessions: SessionCache

    func add(to router: some RouterMethods<APIContext>) {
        router.get("/v1/agencies/{id}/members", use: list)
        router.get("/v1/agencies/{id}/members/{user_id}", use: show)
        router.patch("/v1/agencies/{id}/members/{user_id}", use: change)
        router.delete("/v1/agencies/{id}/members/{user_id}", use: remove)
        router.post("/v1/agencies/{id}/owner", use: handOver)
    }

    struct OwnerBody: Decodable {
        var userID: UUID
        enum CodingKeys: String, CodingKey { case userID = "user_id" }
    }

    @Sendable func list(_ request: Request, _ context: APIContext) async throws -> Page<AgencyMember> {
        let id = try context.parameters.id()
        let caller = try context.require(.membersRead, in: id)
        let page = try PageRequest<UUID>(request)
        let rows = try await members.list(of: id, after: page.after, limit: page.limit, as: caller)
        return Page(rows, limit: page.limit, key: \.id)
    }

    @Sendable func show(_ request: Request, _ context: APIContext) async throws -> Response {
        let id = try context.parameters.id()
        let caller = try context.require(.membersRead, in: id)
        guard let member = try await members.find(context.parameters.id("user_id"), in: id, as: caller) else { throw APIError.notFound("member") }
        return try .json(member, request: request)
    }

    @Sendable func change(_ request: Request, _ context: APIContext) async throws -> Response {
        let id = try context.parameters.id()
        let caller = try context.require(.membersManage, in: id)
        let user = try context.parameters.id("user_id")
        let body = try await request.decode(as: MemberChange.self, context: context)
        if body.role == .owner { try context.requireSecondFactor() }
        guard let member = try await members.change(user, in: id, body, as: caller) else { throw APIError.notFound("member") }
        try await sessions.forgetRights(of: user)
        return try .json(member, request: request)
    }

    /// Everybody may leave by themselves, signed in; others are removed by who manages members.
    @Sendable func remove(_ request: Request, _ context: APIContext) async throws -> HTTPResponse.Status {
        let id = try context.parameters.id()
        let user = try context.parameters.id("user_id")
        let leaves = context.caller?.userID == user && context.caller?.scopes == nil
        let caller = try context.require(leaves ? .agencyRead : .membersManage, in: id)
        guard try await members.remove(user, from: id, as: caller) else { throw APIError.notFound("member") }
        try await sessions.forgetRights(of: user)
        return .noContent
    }

    @Sendable func handOver(_ request: Request, _ context: APIContext) async throws -> HTTPResponse.Status {
        let id = try context.parameters.id()
        let caller = try context.require(.agencyOwn, in: id)
        try context.requireSecondFactor()
        let body = try await request.decode(as: OwnerBody.self, context: context)
        guard body.userID != caller.userID else { throw APIError.conflict("already-owner", "You own this agency already.") }
        guard try await members.handOver(id, to: body.userID, as: caller) else { throw APIError.notFound("member") }
        for user in [caller.userID, body.userID] { try await sessions.forgetRights(of: user) }
        return .noContent
    }
}
