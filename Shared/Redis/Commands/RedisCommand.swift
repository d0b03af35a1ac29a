/// One command, already in the form in which it travels. Arguments may hold any bytes.
///
///     RedisCommand("SET", "greeting", "hello", "PX", 60_000)
public struct RedisCommand: Sendable {
    /// The command's name, for logs; never its arguments, which may hold secrets.
    public let name: StaticString
    /// The multi-bulk request of the protocol. It is made in the caller's task, so that under the connection's lock only a copy remains.
    let wire: [UInt8]

    public init(_ name: StaticString, _ arguments: any RedisArgument...) {
        self.init(name, arguments: arguments)
    }

    /// The same for a number of arguments that is known only at run time.
    public init(_ name: StaticString, arguments: [any RedisArgument]) {
        self.name = name
        var wire: [UInt8] = []
        wire.reserveCapacity(64)
        Self.append(marker: "*", count: arguments.count + 1, to: &wire)
        name.withUTF8Buffer { Self.append(bulk: $0, to: &wire) }
        for argument in arguments { Self.append(argument, to: &wire) }
        self.wire = wire
    }

    private static func append(_ argument: any RedisArgument, to wire: inout [UInt8]) {
        // A string is by far the most frequent argument and needs no array of its own on the way.
        if var text = argument as? String {
            text.withUTF8 { append(bulk: $0, to: &wire) }
        } else {
            argument.redisBytes.withUnsafeBufferPointer { append(bulk: $0, to: &wire) }
        }
    }

    private static func append(bulk bytes: UnsafeBufferPointer<UInt8>, to wire: inout [UInt8]) {
        append(marker: "$", count: bytes.count, to: &wire)
        wire.append(contentsOf: bytes)
        wire.append(UInt8(ascii: "\r"))
        wire.append(UInt8(ascii: "\n"))
    }

    private static func append(marker: Unicode.Scalar, count: Int, to wire: inout [UInt8]) {
        wire.append(UInt8(ascii: marker))
        if count < 10 {
            wire.append(UInt8(ascii: "0") + UInt8(count))
        } else {
            wire.append(contentsOf: String(count).utf8)
        }
        wire.append(UInt8(ascii: "\r"))
        wire.append(UInt8(ascii: "\n"))
    }
}
