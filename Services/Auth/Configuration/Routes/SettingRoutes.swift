import Crypto
import Foundation
import HTTPTypes
import Hummingbird
import Postgres
import ServiceKit

/// The platform's settings: public ones for anybody, all of them for administrators, those that are not the system's for moderators.
struct SettingRoutes: Sendable {
    let settings: SettingStore
    let configuration: Configuration

    func add(to router: some RouterMethods<APIContext>) {
        router.get("/v1/configuration/public", use: listPublic)
        router.get("/v1/configuration", use: list)
        router.post("/v1/configuration", use: make)
        router.get("/v1/configuration/{key}", use: show)
        router.patch("/v1/configuration/{key}", use: change)
        router.delete("/v1/configuration/{key}", use: delete)
    }

    struct PublicSettings: Codable, Sendable {
        var settings: [String: JSONValue]
    }

    /// From memory: as fresh as this copy's own settings are.
    @Sendable func listPublic(_ request: Request, _ context: APIContext) async throws -> Response {
        if !configuration.isKnown { try await configuration.reload() }
        let known = configuration.publicSettings
        let digest = SHA256.hash(data: Data(known.map { "\($0.key)=\($0.value)\n" }.joined().utf8))
        let tag = "\"" + Data(digest.prefix(12)).base64URL + "\""
        let headers: HTTPFields = [.eTag: tag, .cacheControl: "public, max-age=60"]
        if request.isFresh(tag) { return Response(status: .notModified, headers: headers) }
        let values = known.compactMap { key, value in
            (try? JSONDecoder().decode(JSONValue.self, from: Data(value.utf8))).map { (key, $0) }
        }
        return try .json(PublicSettings(settings: Dictionary(uniqueKeysWithValues: values)), request: request, headers: headers)
    }

    @Sendable func list(_ request: Request, _ context: APIContext) async throws -> Page<Setting> {
        let caller = try context.require(.configurationManage)
        let page = try PageRequest<String>(request)
        let rows = try await settings.list(
            category: try request.query("category", as: SettingCategory.self)?.name, after: page.after, limit: page.limit, as: caller)
        return Page(rows, limit: page.limit, key: \.key)
    }

    @Sendable func show(_ request: Request, _ context: APIContext) async throws -> Response {
        let caller = try context.require(.configurationManage)
        return try answer(try await settings.find(key(context), as: caller), request)
    }

    @Sendable func make(_ request: Request, _ context: APIContext) async throws -> Response {
        let caller = try context.require(.configurationDefine)
        let body = try await request.decode(as: NewSetting.self, context: context)
        let setting: Setting
        do {
            setting = try await settings.make(body, as: caller)
        } catch let error as PostgresError where error.constraint == "system_configuration_key_key" {
            throw APIError.conflict("setting-exists", "There is a setting with this key already.")
        }
        await refresh()
        return try .json(setting, status: .created, request: request, headers: [.location: "/v1/configuration/\(setting.key)"])
    }

    @Sendable func change(_ request: Request, _ context: APIContext) async throws -> Response {
        let caller = try context.require(.configurationManage)
        let version = try request.ifMatch()
        let body = try await request.decode(as: SettingChange.self, context: context)
        let setting = try await settings.change(key(context), body, version: version, as: caller)
        await refresh()
        return try answer(setting, request)
    }

    @Sendable func delete(_ request: Request, _ context: APIContext) async throws -> HTTPResponse.Status {
        let caller = try context.require(.configurationDefine)
        guard try await settings.delete(key(context), version: request.ifMatch(), as: caller) else { throw APIError.notFound("setting") }
        await refresh()
        return .noContent
    }

    /// In this copy at once; the others, and this one if that fails, hear of it by event.
    private func refresh() async { try? await configuration.reload() }

    private func key(_ context: APIContext) throws -> String {
        guard let key = context.parameters.get("key"), NewSetting.isKey(key) else { throw APIError.notFound("setting") }
        return key
    }

    private func answer(_ setting: Setting?, _ request: Request) throws -> Response {
        guard let setting else { throw APIError.notFound("setting") }
        return try .json(setting, request: request)
    }
}
