import ClientKit
import Foundation

@testable import Demo

/// Values that fit a schema, so that the one thing made wrong in a request is what it is refused for.
enum Sample {
    static func value(_ schema: JSON) -> JSON {
        if schema["example"] != .null { return schema["example"] }
        if let example = schema["examples"].items.first { return example }
        if schema["default"] != .null { return schema["default"] }
        if let first = schema["enum"].items.first { return first }
        let alternative = (schema["anyOf"].items + schema["oneOf"].items).first ?? .null
        if alternative != .null, schema["properties"] == .null { return value(alternative) }
        switch type(schema) {
        case "string": return .text(text(schema))
        case "integer", "number": return .number(schema["minimum"].double ?? 1)
        case "boolean": return true
        case "array": return .list((schema["minItems"].int ?? 0) > 0 ? [value(schema["items"])] : [])
        default:
            let required = (schema["required"].items + alternative["required"].items).compactMap(\.string)
            return .object(Dictionary(required.map { ($0, value(schema["properties"][$0])) }) { $1 })
        }
    }

    static func type(_ schema: JSON) -> String? {
        schema["type"].string ?? schema["type"].items.compactMap(\.string).first { $0 != "null" } ?? (schema["properties"] == .null ? nil : "object")
    }

    /// A value of another JSON type than the schema asks for; nil where any would do.
    static func wrong(_ schema: JSON) -> [JSON] {
        switch type(schema) {
        case "string": [7, true, [], [:]]
        case "integer", "number": ["seven", true, [], [:]]
        case "boolean": ["yes", 1, []]
        case "array": ["one", 1, [:]]
        case "object": ["one", 1, []]
        default: []
        }
    }

    private static func text(_ schema: JSON) -> String {
        switch schema["format"].string {
        case "email": "somebody@hearth.example"
        case "uuid": UUID().uuidString.lowercased()
        case "date": "2026-12-01"
        case "date-time": "2026-12-01T10:00:00Z"
        case "uri": "https://hearth.example/"
        default: String(repeating: "a", count: max(schema["minLength"].int ?? 1, 1))
        }
    }
}
