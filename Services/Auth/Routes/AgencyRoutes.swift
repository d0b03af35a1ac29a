import Foundation
import Hummingbird
import Redis
import ServiceKit

/// Agencies: founding, particulars, settings, subscription.
struct AgencyRoutes: Sendable {
    let agencies: AgencyStore
    let sessions: SessionCache
    let cache: Cache

    func add(to router: some RouterMethods<APIContext>) {
        router.post("/v1/agencies", use: found)
        router.get("/v1/agencies", use: list)
        router.get("/v1/agencies/{id}", use: show)
        router.patch("/v1/agencies/{id}", use: change)
        router.delete("/v1/agencies/{id}", use: delete)
        router.get("/v1/agencies/{id}/settings", use: settings)
        router.patch("/v1/agencies/{id}/subscription", use: changeSubscription)
    }

    struct DeletionBody: Decodable, Validated {
        /// Of the agency, so that nobody deletes another than they mean.
        var name: String
        func validate(_ check: inout Validation) { check.text(name, "/name", maximum: 255) }
    }

    @Sendable func found(_ request: Request, _ context: APIContext) async throws -> Response {
        let caller = try context.require(.agenciesFound)
        let body = try await request.decode(as: NewAgency.self, context: context)
        guard let agency = try await agencies.found(body, as: caller) else { throw APIError.notFound("agency") }
        try await sessions.forgetRights(of: caller.userID)
        return try .json(
            agency, status: .created, request: request, headers: [.location: "/v1/agencies/\(agency.id.uuidString.lowercased())"])
    }

    @Sendable func list(_ request: Request, _ context: APIContext) async throws -> Page<OwnAgency> {
        let caller = try context.require(.accountRead)
        let page = try PageRequest<UUID>(request)
        let rows = try await agencies.list(after: page.after, limit: page.limit, as: caller)
        return Page(rows, limit: page.limit, key: \.membershipID)
    }

    @Sendable func show(_ request: Request, _ context: APIContext) async throws -> Response {
        let id = try context.parameters.id()
        let caller = try context.require(.agencyRead, in: id)
        guard let agency = try await agencies.agency(id, as: caller) else { throw APIError.notFound("agency") }
        return try .json(agency, request: request)
    }

    @Sendable func change(_ request: Request, _ context: APIContext) async throws -> Response {
        let id = try context.parameters.id()
        let caller = try context.require(.agencyManage, in: id)
        let version = try request.ifMatch()
        let body = try await request.decode(as: AgencyChange.self, context: context)
        let agency = try await agencies.change(id, body, version: version, as: caller)
        return try await changed(agency, id, version, request)
    }

    @Sendable func delete(_ request: Request, _ context: APIContext) async throws -> HTTPResponse.Status {
        let id = try context.parameters.id()
        let caller = try context.require(.agencyOwn, in: id)
        try context.requireSecondFactor()
        let body = try await request.decode(as: DeletionBody.self, context: context)
        guard try await agencies.delete(id, named: body.name, as: caller) else { throw APIError.notFound("agency") }
        await cache.remove(AgencySettings.key(id))
        try await sessions.forgetRights(of: caller.userID)
        return .noContent
    }

    @Sendable func settings(_ request: Request, _ context: APIContext) async throws -> Response {
        let id = try context.parameters.id()
        try context.require(.agencyRead, in: id)
        let key = AgencySettings.key(id)
        let settings = try await cache.value(key, ttl: Lifetimes.cachedAgency) { [agencies] in
            guard let settings = try await agencies.settings(of: id) else { throw APIError.notFound("agency") }
            return settings
        }
        // A subscription may run out while it lies in the cache.
        guard settings.subscription.hasLapsed else { return try .json(settings, request: request) }
        await cache.remove(key)
        guard let settings = try await agencies.settings(of: id) else { throw APIError.notFound("agency") }
        return try .json(settings, request: request)
    }

    @Sendable func changeSubscription(_ request: Request, _ context: APIContext) async throws -> Response {
        let caller = try context.require(.subscriptionsManage)
        let id = try context.parameters.id()
        let version = try request.ifMatch()
        let body = try await request.decode(as: SubscriptionChange.self, context: context)
        let agency = try await agencies.changeSubscription(id, body, version: version, as: caller)
        return try await changed(agency, id, version, request)
    }

    /// The notification drops the cached settings too, but a moment later than whoever changed them may look again.
    private func changed(_ agency: Agency?, _ id: UUID, _ version: Int64?, _ request: Request) async throws -> Response {
        guard let agency else { throw version == nil ? APIError.notFound("agency") : APIError.versionMismatch }
        await cache.remove(AgencySettings.key(id))
        return try .json(agency, request: request)
    }
}
