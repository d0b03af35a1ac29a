extension String: PostgresCodable {
    public static var postgresType: PostgresType { .inferred }
    public var postgresValue: PostgresValue { .init(self, type: .inferred) }
    public init(postgresBytes: UnsafeBufferPointer<UInt8>) throws { self = String(decoding: postgresBytes, as: UTF8.self) }
}

extension Bool: PostgresCodable {
    public static var postgresType: PostgresType { .bool }
    public var postgresValue: PostgresValue { .init(self ? "t" : "f", type: .bool) }
    public init(postgresBytes bytes: UnsafeBufferPointer<UInt8>) throws {
        switch bytes.first {
        case UInt8(ascii: "t") where bytes.count == 1 || bytes.elementsEqual("true".utf8): self = true
        case UInt8(ascii: "f") where bytes.count == 1 || bytes.elementsEqual("false".utf8): self = false
        default: throw UnreadableValue(type: Bool.self)
        }
    }
}

/// An enumeration of strings that is stored as text.
public protocol PostgresEnumeration: PostgresCodable, RawRepresentable where RawValue == String {}

extension PostgresEnumeration {
    public static var postgresType: PostgresType { .inferred }
    public var postgresValue: PostgresValue { .init(rawValue, type: .inferred) }
    public init(postgresBytes bytes: UnsafeBufferPointer<UInt8>) throws {
        guard let value = Self(rawValue: String(decoding: bytes, as: UTF8.self)) else { throw UnreadableValue(type: Self.self) }
        self = value
    }
}
