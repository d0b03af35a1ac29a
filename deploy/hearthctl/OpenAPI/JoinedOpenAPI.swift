import Contracts
import Foundation

/// Joins OpenAPI documents. A component that two services call the same but define differently is renamed in the later one.
struct JoinedOpenAPI {
    private typealias Object = [String: Any]

    private let routes: RouteTable
    private var paths: Object = [:]
    private var components: [String: Object] = [:]
    private var tags: [Object] = []

    init(routes: RouteTable) { self.routes = routes }

    /// Adds what the gateway routes to the service; paths that only the service itself serves stay out.
    mutating func add(_ data: Data, of service: ServiceName) throws {
        guard let document = try JSONSerialization.jsonObject(with: data) as? Object else { throw CleanError("it is not a JSON object") }
        let own = document["components"] as? [String: Object] ?? [:]
        let names = renamed(own, service)
        for (kind, members) in own {
            for (name, member) in members {
                components[kind, default: [:]][names["#/components/\(kind)/\(name)"] ?? name] = rewrite(member, names)
            }
        }
        for (path, item) in document["paths"] as? Object ?? [:] where routes.service(for: path) == service {
            paths[path] = described(rewrite(item, names), service, security: document["security"])
        }
        let description = (document["info"] as? Object)?["description"] as? String
        tags.append(["name": service.rawValue, "description": description ?? ""])
    }

    func document() throws -> Data {
        var members = NullableMembers(schemas: components["schemas"] ?? [:])
        let paths = self.paths.mapValues { members.pathItem($0) }
        var components = components
        components["schemas", default: [:]].merge(members.changed) { $1 }
        let document: Object = [
            "openapi": "3.1.0",
            "info": [
                "title": "Hearth", "version": "1.0.0",
                "description": """
                Matches people with homes, and animals with people. Errors are RFC 9457 problems; lists page by cursor. A member of a request that is \
                null counts as left out; in a merge patch it clears what can be empty.
                """,
            ],
            "servers": [["url": "/"]], "tags": tags, "paths": paths,
            "components": components.merging(GatewayAnswers.components) { $0.merging($1) { own, _ in own } },
        ]
        return try JSONSerialization.data(withJSONObject: document, options: [.sortedKeys, .withoutEscapingSlashes])
    }

    /// `#/components/schemas/Problem` → the name it gets here, for those that need another one.
    private func renamed(_ own: [String: Object], _ service: ServiceName) -> [String: String] {
        var names: [String: String] = [:]
        for (kind, members) in own {
            for (name, member) in members {
                guard let other = components[kind]?[name], !same(other, member) else { continue }
                names["#/components/\(kind)/\(name)"] = service.rawValue.capitalized + name
            }
        }
        return names
    }

    private func same(_ a: Any, _ b: Any) -> Bool { canonical(a) == canonical(b) }

    private func canonical(_ value: Any) -> Data? {
        try? JSONSerialization.data(withJSONObject: value, options: [.sortedKeys, .fragmentsAllowed])
    }

    private func rewrite(_ value: Any, _ names: [String: String]) -> Any {
        if let object = value as? Object {
            return object.reduce(into: Object()) { result, member in
                if member.key == "$ref", let reference = member.value as? String, let name = names[reference] {
                    result["$ref"] = reference.split(separator: "/").dropLast().joined(separator: "/") + "/" + name
                } else {
                    result[member.key] = rewrite(member.value, names)
                }
            }
        }
        if let array = value as? [Any] { return array.map { rewrite($0, names) } }
        return value
    }

    /// Operations are grouped by service, whatever the service itself calls its groups; what its document asks of all of them is asked of each, and
    /// what the gateway itself may answer is added.
    private func described(_ item: Any, _ service: ServiceName, security: Any?) -> Any {
        guard var item = item as? Object else { return item }
        for (method, operation) in item {
            guard var operation = operation as? Object else { continue }
            operation["tags"] = [service.rawValue]
            operation["security"] = operation["security"] ?? security
            let own = operation["responses"] as? Object ?? [:]
            operation["responses"] = own.merging(GatewayAnswers.responses) { own, _ in own }
            item[method] = operation
        }
        return item
    }
}
