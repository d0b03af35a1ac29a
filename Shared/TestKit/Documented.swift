import Foundation
import Hummingbird
import Logging
import ServiceKit
import Testing

/// Holds a service's OpenAPI document against the router that its `build` makes. Nothing is started and nothing connects.
public func expectDocumented<Hearth: HearthService>(
    _ service: Hearth.Type, settings: [String: String] = [:], sourceLocation: SourceLocation = #_sourceLocation
) async throws {
    let nowhere = [
        "DATABASE_URL": "postgres://127.0.0.1:1/none", "REDIS_URL": "redis://127.0.0.1:1", "AMQP_URL": "amqp://127.0.0.1:1",
        "ENCRYPTION_KEYS": "test:" + Data(repeating: 7, count: 32).base64EncodedString(), "FILES_PATH": NSTemporaryDirectory(),
        "PUBLIC_URL": "http://hearth.test",
    ]
    let platform = try Platform(
        service: Hearth.name, settings: Settings(nowhere.merging(settings) { _, given in given }), logger: Logger(label: "test"))
    try expectDocumented(try await Hearth.build(platform).router, Hearth.openAPI, sourceLocation: sourceLocation)
}

/// Holds an OpenAPI document against the router it describes: every route is documented, and every documented operation has a route. HEAD, which
/// comes with GET by itself, and the document's own route need not be named.
public func expectDocumented<Context>(
    _ router: Router<Context>, _ openAPI: [UInt8], sourceLocation: SourceLocation = #_sourceLocation
) throws {
    let documented = try documentedOperations(openAPI)
    let routes = Set(
        router.routes.map { route in
            let path = "/" + route.path.description.split(separator: "/").map(openAPIComponent).joined(separator: "/")
            return "\(route.method.rawValue) \(path)"
        }
        .filter { !$0.hasPrefix("HEAD ") && !$0.hasSuffix("/openapi.json") })
    let undocumented = routes.subtracting(documented).sorted()
    let missing = documented.subtracting(routes).filter { !$0.hasPrefix("HEAD ") && !$0.hasSuffix("/openapi.json") }.sorted()
    #expect(undocumented.isEmpty, "routes that openapi.json does not describe", sourceLocation: sourceLocation)
    #expect(missing.isEmpty, "operations of openapi.json that have no route", sourceLocation: sourceLocation)
}

/// `GET /v1/listings/{id}` and so on.
private func documentedOperations(_ openAPI: [UInt8]) throws -> Set<String> {
    let methods: Set<String> = ["get", "put", "post", "delete", "options", "head", "patch", "trace"]
    let document = try #require(try JSONSerialization.jsonObject(with: Data(openAPI)) as? [String: Any], "openapi.json is not an object")
    let paths = document["paths"] as? [String: [String: Any]] ?? [:]
    return Set(
        paths.flatMap { path, item in
            item.keys.filter(methods.contains).map { "\($0.uppercased()) \(path)" }
        })
}

/// `:id` and `{id}` alike become `{id}`; `**` becomes `{path}`.
private func openAPIComponent(_ component: Substring) -> String {
    if component.hasPrefix(":") { return "{\(component.dropFirst())}" }
    return component == "**" ? "{path}" : String(component)
}
