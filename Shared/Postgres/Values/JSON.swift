import Foundation

/// A value in a jsonb column, as it is encoded and decoded. Keys are snake_case, times RFC 3339, as on the wire.
///
/// A value that cannot be encoded (a number that is not finite) is bound as text that the server refuses.
public struct JSON<Value: Sendable>: Sendable {
    public var value: Value
    public init(_ value: Value) { self.value = value }
}

extension JSON: PostgresEncodable where Value: Encodable {
    public static var postgresType: PostgresType { .jsonb }

    public var postgresValue: PostgresValue {
        do {
            return .init(String(decoding: try JSONEncoder.hearth.encode(value), as: UTF8.self), type: .jsonb)
        } catch {
            return .init("not encodable: \(error)", type: .jsonb)
        }
    }

}

extension JSON: PostgresDecodable where Value: Decodable {
    public init(postgresBytes bytes: UnsafeBufferPointer<UInt8>) throws {
        value = try JSONDecoder.hearth.decode(Value.self, from: Data(bytes))
    }
}
