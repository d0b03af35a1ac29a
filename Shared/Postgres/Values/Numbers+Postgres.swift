import Foundation

extension FixedWidthInteger {
    init(decimal bytes: UnsafeBufferPointer<UInt8>) throws {
        let negative = bytes.first == UInt8(ascii: "-")
        var value: Self = 0
        var overflow = bytes.count == (negative ? 1 : 0)
        for byte in bytes.dropFirst(negative ? 1 : 0) {
            let digit = byte &- UInt8(ascii: "0")
            guard digit < 10 else { throw UnreadableValue(type: Self.self) }
            let (product, first) = value.multipliedReportingOverflow(by: 10)
            let (next, second) =
                negative
                ? product.subtractingReportingOverflow(Self(truncatingIfNeeded: digit))
                : product.addingReportingOverflow(Self(truncatingIfNeeded: digit))
            overflow = overflow || first || second
            value = next
        }
        guard !overflow else { throw UnreadableValue(type: Self.self) }
        self = value
    }
}

extension Int: PostgresCodable {
    public static var postgresType: PostgresType { .int8 }
    public var postgresValue: PostgresValue { .init(String(self), type: .int8) }
    public init(postgresBytes: UnsafeBufferPointer<UInt8>) throws { try self.init(decimal: postgresBytes) }
}

extension Int64: PostgresCodable {
    public static var postgresType: PostgresType { .int8 }
    public var postgresValue: PostgresValue { .init(String(self), type: .int8) }
    public init(postgresBytes: UnsafeBufferPointer<UInt8>) throws { try self.init(decimal: postgresBytes) }
}

extension Int32: PostgresCodable {
    public static var postgresType: PostgresType { .int4 }
    public var postgresValue: PostgresValue { .init(String(self), type: .int4) }
    public init(postgresBytes: UnsafeBufferPointer<UInt8>) throws { try self.init(decimal: postgresBytes) }
}

extension Int16: PostgresCodable {
    public static var postgresType: PostgresType { .int2 }
    public var postgresValue: PostgresValue { .init(String(self), type: .int2) }
    public init(postgresBytes: UnsafeBufferPointer<UInt8>) throws { try self.init(decimal: postgresBytes) }
}

extension Double: PostgresCodable {
    public static var postgresType: PostgresType { .float8 }
    public var postgresValue: PostgresValue {
        .init(isNaN ? "NaN" : isInfinite ? (self < 0 ? "-Infinity" : "Infinity") : description, type: .float8)
    }
    public init(postgresBytes: UnsafeBufferPointer<UInt8>) throws {
        guard let value = Double(String(decoding: postgresBytes, as: UTF8.self)) else { throw UnreadableValue(type: Double.self) }
        self = value
    }
}

extension Decimal: PostgresCodable {
    public static var postgresType: PostgresType { .numeric }
    public var postgresValue: PostgresValue { .init(isNaN ? "NaN" : description, type: .numeric) }
    public init(postgresBytes bytes: UnsafeBufferPointer<UInt8>) throws {
        // A Decimal holds 38 digits; more would be rounded without a word.
        let digits = bytes.count { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        guard digits <= 38, digits > 0, let value = Decimal(string: String(decoding: bytes, as: UTF8.self), locale: nil)
        else { throw UnreadableValue(type: Decimal.self) }
        self = value
    }
}
