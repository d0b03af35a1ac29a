import ClientKit
import Foundation

@testable import Demo

/// One operation of the joined OpenAPI document: what there is to attack. A service that is joined in gets every check by that alone.
struct Operation: Sendable, CustomStringConvertible {
    struct Parameter: Sendable {
        var name: String
        var place: String
        var schema: JSON
    }

    var method: String
    var path: String
    var parameters: [Parameter]
    /// Of the JSON body; nil for an operation that takes none.
    var body: JSON?
    /// Who answers it.
    var service: String
    /// False where the document lets anybody in.
    var needsToken: Bool

    var description: String { "\(method) \(path)" }
    var pathNames: [String] { path.matches(of: /\{([^}]+)\}/).map { String($0.1) } }
    var queries: [Parameter] { parameters.filter { $0.place == "query" } }
    /// The list that the first id in the path is taken from: `/v1/documents` of `/v1/documents/{id}/content`.
    var collection: String? { path.range(of: "/{").map { String(path[..<$0.lowerBound]) } }

    /// The path with every parameter replaced.
    func path(with value: String) -> String { path.replacing(/\{[^}]+\}/, with: value) }

    /// Everything that the gateway's own document describes.
    static func all(in document: JSON) -> [Operation] {
        document["paths"].fields.sorted { $0.key < $1.key }.flatMap { path, item in
            ["get", "post", "put", "patch", "delete"].compactMap { method -> Operation? in
                guard case .object(let fields) = item[method] else { return nil }
                let parameters = (item["parameters"].items + (fields["parameters"] ?? .null).items).map { resolve($0, document) }
                let content = resolve(fields["requestBody"] ?? .null, document)["content"]["application/json"]["schema"]
                return Operation(
                    method: method.uppercased(), path: path,
                    parameters: parameters.map {
                        Parameter(name: $0["name"].string ?? "", place: $0["in"].string ?? "", schema: resolve($0["schema"], document))
                    },
                    body: content == .null ? nil : expanded(content, document, depth: 6),
                    service: fields["tags"]?[0].string ?? "",
                    needsToken: !(fields["security"] ?? .null).items.isEmpty && !(fields["security"] ?? .null).items.contains(.object([:])))
            }
        }
    }

    private static func resolve(_ value: JSON, _ document: JSON) -> JSON {
        guard let reference = value["$ref"].string else { return value }
        return resolve(reference.dropFirst(2).split(separator: "/").reduce(document) { $0[String($1)] }, document)
    }

    /// The schema with its references replaced, as deep as a body is looked into.
    private static func expanded(_ value: JSON, _ document: JSON, depth: Int) -> JSON {
        guard depth > 0 else { return .object([:]) }
        switch resolve(value, document) {
        case .object(let fields): return .object(fields.mapValues { expanded($0, document, depth: depth - 1) })
        case .list(let items): return .list(items.map { expanded($0, document, depth: depth - 1) })
        case let other: return other
        }
    }
}
