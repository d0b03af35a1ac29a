import Foundation
import Hummingbird
import Postgres
import ServiceKit

/// Feature flags: how they are for oneself, and all of them for administrators.
struct FeatureFlagRoutes: Sendable {
    let flags: FeatureFlagStore
    let configuration: Configuration

    func add(to router: some RouterMethods<APIContext>) {
        router.get("/v1/feature-flags/evaluated", use: evaluated)
        router.get("/v1/feature-flags", use: list)
        router.post("/v1/feature-flags", use: make)
        router.get("/v1/feature-flags/{name}", use: show)
        router.patch("/v1/feature-flags/{name}", use: change)
        router.delete("/v1/feature-flags/{name}", use: delete)
    }

    struct Evaluated: Codable, Sendable {
        var flags: [String: Bool]
    }

    @Sendable func evaluated(_ request: Request, _ context: APIContext) async throws -> Response {
        if !configuration.isKnown { try await configuration.reload() }
        return try .json(
            Evaluated(flags: configuration.flags(for: context.caller)), request: request, headers: [.cacheControl: "private, max-age=30"])
    }

    @Sendable func list(_ request: Request, _ context: APIContext) async throws -> Page<FeatureFlag> {
        let caller = try context.require(.featureFlagsManage)
        let page = try PageRequest<String>(request)
        return Page(try await flags.list(after: page.after, limit: page.limit, as: caller), limit: page.limit, key: \.name)
    }

    @Sendable func show(_ request: Request, _ context: APIContext) async throws -> Response {
        let caller = try context.require(.featureFlagsManage)
        return try answer(try await flags.find(name(context), as: caller), request)
    }

    @Sendable func make(_ request: Request, _ context: APIContext) async throws -> Response {
        let caller = try context.require(.featureFlagsManage)
        let body = try await request.decode(as: NewFeatureFlag.self, context: context)
        let flag: FeatureFlag
        do {
            flag = try await flags.make(body, as: caller)
        } catch let error as PostgresError where error.constraint == "feature_flags_name_key" {
            throw APIError.conflict("flag-exists", "There is a flag of this name already.")
        }
        await refresh()
        return try .json(flag, status: .created, request: request, headers: [.location: "/v1/feature-flags/\(flag.name)"])
    }

    @Sendable func change(_ request: Request, _ context: APIContext) async throws -> Response {
        let caller = try context.require(.featureFlagsManage)
        let version = try request.ifMatch()
        let body = try await request.decode(as: FeatureFlagChange.self, context: context)
        let flag = try await flags.change(name(context), body, version: version, as: caller)
        await refresh()
        return try answer(flag, request)
    }

    @Sendable func delete(_ request: Request, _ context: APIContext) async throws -> HTTPResponse.Status {
        let caller = try context.require(.featureFlagsManage)
        guard try await flags.delete(name(context), version: request.ifMatch(), as: caller) else {
            throw APIError.notFound("flag")
        }
        await refresh()
        return .noContent
    }

    /// In this copy at once; the others, and this one if that fails, hear of it by event.
    private func refresh() async { try? await configuration.reload() }

    private func name(_ context: APIContext) throws -> String {
        guard let name = context.parameters.get("name"), NewFeatureFlag.isName(name) else { throw APIError.notFound("flag") }
        return name
    }

    private func answer(_ flag: FeatureFlag?, _ request: Request) throws -> Response {
        guard let flag else { throw APIError.notFound("flag") }
        return try .json(flag, request: request)
    }
}
