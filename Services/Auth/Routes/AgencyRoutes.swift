import Foundation
import Hummingbird
import ServiceKit

/// Agencies and their members.
struct AgencyRoutes: Sendable {
    let agencies: AgencyStore

    func add(to router: some RouterMethods<APIContext>) {
        router.post("/v1/agencies", use: found)
        router.get("/v1/agencies", use: list)
        router.get("/v1/agencies/{id}", use: show)
        router.get("/v1/agencies/{id}/members", use: members)
        router.post("/v1/agencies/{id}/members", use: add)
    }

    struct MemberBody: Decodable, Validated {
        var userID: UUID?
        var email: EmailAddress?
        var role: AgencyRole
        var permissions: [String]?

        enum CodingKeys: String, CodingKey {
            case email, role, permissions
            case userID = "user_id"
        }

        func validate(_ check: inout Validation) {
            check((userID == nil) != (email == nil), "/user_id", "required", "must be given, or else email, and not both")
            if let email { check.email(email, "/email") }
            let permissions = permissions ?? []
            check(permissions.count <= 50, "/permissions", "length", "must be at most 50")
            for (index, permission) in permissions.enumerated() {
                let isName = permission.wholeMatch(of: /[a-z_.:-]{1,100}/) != nil
                check(isName, "/permissions/\(index)", "format", "must be 1 to 100 of a-z, _, ., : and -")
            }
        }
    }

    @Sendable func found(_ request: Request, _ context: APIContext) async throws -> Response {
        let caller = try context.requireCaller()
        let body = try await request.decode(as: NewAgency.self, context: context)
        guard let agency = try await agencies.found(body, as: caller) else { throw APIError.notFound("agency") }
        return try .json(
            agency, status: .created, request: request, headers: [.location: "/v1/agencies/\(agency.id.uuidString.lowercased())"])
    }

    @Sendable func list(_ request: Request, _ context: APIContext) async throws -> Page<OwnAgency> {
        let caller = try context.requireCaller()
        let page = try PageRequest<UUID>(request)
        let rows = try await agencies.list(after: page.after, limit: page.limit, as: caller)
        return Page(rows, limit: page.limit, key: \.membershipID)
    }

    @Sendable func show(_ request: Request, _ context: APIContext) async throws -> Response {
        let caller = try context.requireCaller()
        let id = try context.parameters.id()
        guard let agency = try await agencies.agency(id, as: caller) else { throw APIError.notFound("agency") }
        return try .json(agency, request: request)
    }

    @Sendable func members(_ request: Request, _ context: APIContext) async throws -> Page<AgencyMember> {
        let caller = try context.requireCaller()
        let id = try context.parameters.id()
        let page = try PageRequest<UUID>(request)
        guard try await agencies.agency(id, as: caller) != nil else { throw APIError.notFound("agency") }
        let rows = try await agencies.members(of: id, after: page.after, limit: page.limit, as: caller)
        return Page(rows, limit: page.limit, key: \.id)
    }

    @Sendable func add(_ request: Request, _ context: APIContext) async throws -> Response {
        let caller = try context.requireCaller()
        let id = try context.parameters.id()
        let body = try await request.decode(as: MemberBody.self, context: context)
        try await requireManager(caller, of: id, toGive: body.role)
        guard let user = try await agencies.user(body.userID, email: body.email) else { throw APIError.notFound("user") }
        let member = try await agencies.add(user, to: id, role: body.role, permissions: body.permissions ?? [], as: caller)
        guard let member else { throw APIError.conflict("already-member", "They belong to this agency already.") }
        return try .json(member, status: .created, request: request)
    }

    /// Owners and admins add members, and only an owner adds another. What counts is the row and not the token, which may be a quarter of an
    /// hour old.
    private func requireManager(_ caller: Caller, of agency: UUID, toGive role: AgencyRole) async throws {
        if caller.role == .administrator { return }
        guard let own = try await agencies.role(in: agency, of: caller.userID) else { throw APIError.notFound("agency") }
        guard own == .owner || (own == .admin && role != .owner) else { throw APIError.forbidden }
    }
}
