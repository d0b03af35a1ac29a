import Foundation
import Messaging
import Postgres

/// A JSON schema of a type, found by trying: what the decoder refuses to do without is required, what it keeps although it never heard of it is
/// a map, what it takes a fraction for is a number.
struct WireSchema {
    private let accepts: (Any) -> Any?
    private let sample: Any

    init<Value: Codable>(of value: Value) throws {
        sample = try Self.object(try JSONEncoder.hearth.encode(value))
        accepts = { candidate in
            guard let json = try? JSONSerialization.data(withJSONObject: candidate),
                let decoded = try? JSONDecoder.hearth.decode(Value.self, from: json),
                let encoded = try? JSONEncoder.hearth.encode(decoded)
            else { return nil }
            return try? Self.object(encoded)
        }
    }

    var json: [String: Any] { schema(of: sample, at: []) }

    private func schema(of value: Any, at path: [String]) -> [String: Any] {
        switch value {
        case let object as [String: Any]: return schema(object: object, at: path)
        case let list as [Any]:
            return ["type": "array", "items": list.first.map { schema(of: $0, at: path + ["0"]) } ?? [:]]
        case let text as String: return schema(text: text)
        case let number as NSNumber:
            if CFBoolean.isBoolean(number) { return ["type": "boolean"] }
            return ["type": accepts(replacing(path, with: 0.5)) != nil ? "number" : "integer"]
        default: return [:]
        }
    }

    private func schema(object: [String: Any], at path: [String]) -> [String: Any] {
        if let key = object.keys.sorted().first, let value = object[key] {
            var probed = object
            probed["unheard_of"] = value
            let kept = accepts(replacing(path, with: probed)).flatMap { Self.value(in: $0, at: path + ["unheard_of"]) }
            if kept != nil {
                var distinct: [[String: Any]] = []
                for (key, value) in object.sorted(by: { $0.key < $1.key }) {
                    let kind = schema(of: value, at: path + [key])
                    if !distinct.contains(where: { NSDictionary(dictionary: $0).isEqual(to: kind) }) { distinct.append(kind) }
                }
                let values: [String: Any] = distinct.count == 1 ? distinct[0] : ["anyOf": distinct]
                return ["type": "object", "additionalProperties": values]
            }
        }
        var result: [String: Any] = ["type": "object"]
        var properties: [String: Any] = [:]
        for (key, value) in object { properties[key] = schema(of: value, at: path + [key]) }
        result["properties"] = properties
        let required = object.keys.sorted().filter { key in
            var without = object
            without[key] = nil
            return accepts(replacing(path, with: without)) == nil
        }
        if !required.isEmpty { result["required"] = required }
        return result
    }

    private func schema(text: String) -> [String: Any] {
        if UUID(uuidString: text) != nil { return ["type": "string", "format": "uuid"] }
        if text.wholeMatch(of: /\d{4}-\d\d-\d\dT.*Z/) != nil { return ["type": "string", "format": "date-time"] }
        if text.wholeMatch(of: /\d{4}-\d\d-\d\d/) != nil { return ["type": "string", "format": "date"] }
        return ["type": "string"]
    }

    private func replacing(_ path: [String], with value: Any) -> Any { Self.replacing(path[...], in: sample, with: value) }

    private static func replacing(_ path: ArraySlice<String>, in object: Any, with value: Any) -> Any {
        guard let key = path.first else { return value }
        if var map = object as? [String: Any] {
            map[key] = map[key].map { replacing(path.dropFirst(), in: $0, with: value) }
            return map
        }
        if var list = object as? [Any], let index = Int(key), list.indices.contains(index) {
            list[index] = replacing(path.dropFirst(), in: list[index], with: value)
            return list
        }
        return object
    }

    private static func value(in object: Any, at path: [String]) -> Any? {
        path.reduce(object as Any?) { (object: Any?, key: String) -> Any? in
            if let map = object as? [String: Any] { return map[key] }
            if let list = object as? [Any], let index = Int(key), list.indices.contains(index) { return list[index] }
            return nil
        }
    }

    private static func object(_ json: Data) throws -> Any { try JSONSerialization.jsonObject(with: json) }
}

private enum CFBoolean {
    /// JSON's true and false come as numbers whose type is `char`.
    static func isBoolean(_ number: NSNumber) -> Bool { String(cString: number.objCType) == "c" }
}
