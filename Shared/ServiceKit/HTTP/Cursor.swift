import Foundation

/// A key as base64url of its JSON. Times keep their microseconds, which the wire's RFC 3339 milliseconds would lose.
enum Cursor {
    private static let maximumLength = 1024

    static func encode(_ key: some Encodable) -> String? {
        try? JSONEncoder().encode(key).base64URL
    }

    static func decode<Key: Decodable>(_ text: String, as type: Key.Type) -> Key? {
        guard text.utf8.count <= maximumLength, let data = Data(base64URL: text) else { return nil }
        guard data.withUnsafeBytes({ JSONGuard(maximumDepth: 8).inspect($0) }) == nil else { return nil }
        return try? JSONDecoder().decode(type, from: data)
    }
}
