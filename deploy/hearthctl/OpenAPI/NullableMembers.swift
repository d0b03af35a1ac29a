import Foundation

/// A service takes a member of a JSON body that is null for one that is left out, so every optional member of what a request may hold may be null.
/// Said once here, no service's document has to repeat it for each of them.
struct NullableMembers {
    typealias Object = [String: Any]

    private let schemas: Object
    /// The component schemas that a request reaches, and what becomes of them.
    private(set) var changed: Object = [:]

    init(schemas: Object) { self.schemas = schemas }

    /// The path's operations with the schemas of their request bodies changed.
    mutating func pathItem(_ item: Any) -> Any {
        guard var item = item as? Object else { return item }
        for (method, operation) in item {
            guard var operation = operation as? Object, var body = operation["requestBody"] as? Object, var content = body["content"] as? Object
            else { continue }
            for (type, media) in content where type.hasSuffix("json") {
                guard var media = media as? Object, let schema = media["schema"] else { continue }
                media["schema"] = self.schema(schema)
                content[type] = media
            }
            body["content"] = content
            operation["requestBody"] = body
            item[method] = operation
        }
        return item
    }

    private mutating func schema(_ value: Any) -> Any {
        guard var schema = value as? Object else { return value }
        if let reference = schema["$ref"] as? String, let name = reference.split(separator: "/").last.map(String.init) {
            if changed[name] == nil, let target = schemas[name] {
                // Known before it is walked: a schema may hold itself.
                changed[name] = target
                changed[name] = self.schema(target)
            }
        }
        for keyword in ["allOf", "anyOf", "oneOf"] {
            if let branches = schema[keyword] as? [Any] { schema[keyword] = branches.map { self.schema($0) } }
        }
        if let items = schema["items"] { schema["items"] = self.schema(items) }
        if let properties = schema["properties"] as? Object {
            let required = Set(schema["required"] as? [String] ?? [])
            schema["properties"] = properties.reduce(into: Object()) { result, property in
                let inner = self.schema(property.value)
                result[property.key] = required.contains(property.key) ? inner : nullable(inner)
            }
        }
        return schema
    }

    private func nullable(_ value: Any) -> Any {
        guard var schema = value as? Object else { return value }
        if let type = schema["type"] as? String, schema["const"] == nil {
            schema["type"] = [type, "null"]
            if let values = schema["enum"] as? [Any] { schema["enum"] = values + [NSNull()] }
            return schema
        }
        let branches = ["anyOf", "oneOf"].flatMap { schema[$0] as? [Object] ?? [] }
        guard schema["$ref"] != nil || schema["const"] != nil || !branches.isEmpty, !branches.contains(where: { $0["type"] as? String == "null" })
        else { return value }
        return ["anyOf": [schema, ["type": "null"]]]
    }
}
