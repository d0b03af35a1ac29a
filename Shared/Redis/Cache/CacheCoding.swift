import Foundation

/// Values as bytes: JSON, except for bytes. Dates keep their full precision, so that a cached value equals the loaded one.
enum CacheCoding {
    private static let encoder = JSONEncoder()
    private static let decoder = JSONDecoder()

    /// Nil for what JSON cannot hold, such as a number that is none: it is not cached then.
    static func encode<Value: Codable>(_ value: Value) -> [UInt8]? {
        if let bytes = value as? [UInt8] { return bytes }
        return (try? encoder.encode(value)).map { Array($0) }
    }

    static func decode<Value: Codable>(_ bytes: [UInt8], as type: Value.Type) -> Value? {
        if Value.self == [UInt8].self { return bytes as? Value }
        return try? decoder.decode(type, from: Data(bytes))
    }
}
