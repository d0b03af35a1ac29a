/// Something that can be bound. Conforming here: Bool, Int16, Int32, Int64, Int, Double, Decimal, String (inferred type, so it
/// fits text, inet, enum … alike), UUID, Date (timestamptz), CalendarDay (date), Data (bytea), arrays of those, `JSON<T>`
/// (jsonb), and any `RawRepresentable` of String that says so.
public protocol PostgresEncodable: Sendable {
    static var postgresType: PostgresType { get }
    var postgresValue: PostgresValue { get }
}

/// Something a column can be read as. `Optional` reads NULL; a non-optional throws `PostgresError` naming the column.
///
/// A type implements one of the two initialisers; each has a default that calls the other.
public protocol PostgresDecodable: Sendable {
    init(postgresText: Substring.UTF8View) throws
    /// The same without a `String` in between. The bytes are valid only during the call.
    init(postgresBytes: UnsafeBufferPointer<UInt8>) throws
}

public typealias PostgresCodable = PostgresEncodable & PostgresDecodable

extension PostgresDecodable {
    public init(postgresText: Substring.UTF8View) throws {
        var text = postgresText
        // A substring of a native string is contiguous; a bridged one is copied first.
        if let value = try text.withContiguousStorageIfAvailable({ try Self(postgresBytes: $0) }) {
            self = value
        } else {
            text = Substring(String(decoding: Array(postgresText), as: UTF8.self)).utf8
            self = try Array(text).withUnsafeBufferPointer { try Self(postgresBytes: $0) }
        }
    }

    public init(postgresBytes: UnsafeBufferPointer<UInt8>) throws {
        try self.init(postgresText: Substring(String(decoding: postgresBytes, as: UTF8.self)).utf8)
    }
}

/// The text of a column is not what its Swift type needs. `Row` turns it into a `PostgresError` that names the column.
struct UnreadableValue: Error {
    var type: any Any.Type
}
