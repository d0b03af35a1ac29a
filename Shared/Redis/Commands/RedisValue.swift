/// An answer of the server. An error as the whole answer is thrown as `RedisError.server` instead.
public indirect enum RedisValue: Sendable, Equatable {
    case null
    case integer(Int64)
    case bytes([UInt8])
    case status(String)
    case array([RedisValue])
    /// An error inside an array: one command of a transaction that failed while others did not.
    case error(String)
}

extension RedisValue {
    /// The bytes of a bulk string, or of a status line; nil for everything else.
    public var bytes: [UInt8]? {
        switch self {
        case .bytes(let bytes): bytes
        case .status(let text): Array(text.utf8)
        default: nil
        }
    }

    /// Text, where the answer is text in UTF-8.
    public var string: String? { bytes.flatMap { String(validating: $0, as: UTF8.self) } }

    /// A number, also one that came as text.
    public var integer: Int64? {
        if case .integer(let number) = self { return number }
        return string.flatMap(Int64.init)
    }

    /// The elements of an array.
    public var array: [RedisValue]? {
        if case .array(let elements) = self { return elements }
        return nil
    }
}
