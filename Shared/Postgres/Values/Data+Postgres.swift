import Foundation

extension Data: PostgresCodable {
    public static var postgresType: PostgresType { .bytea }

    public var postgresValue: PostgresValue {
        let text = String(unsafeUninitializedCapacity: count * 2 + 2) { buffer in
            buffer[0] = UInt8(ascii: "\\")
            buffer[1] = UInt8(ascii: "x")
            var position = 2
            for byte in self {
                buffer[position] = Hexadecimal.digit(byte >> 4)
                buffer[position + 1] = Hexadecimal.digit(byte & 15)
                position += 2
            }
            return position
        }
        return .init(text, type: .bytea)
    }

    public init(postgresBytes bytes: UnsafeBufferPointer<UInt8>) throws {
        guard bytes.count >= 2, bytes.count % 2 == 0, bytes[0] == UInt8(ascii: "\\"), bytes[1] == UInt8(ascii: "x")
        else { throw UnreadableValue(type: Data.self) }
        var data = Data(capacity: bytes.count / 2 - 1)
        for position in stride(from: 2, to: bytes.count, by: 2) {
            guard let high = Hexadecimal.value(bytes[position]), let low = Hexadecimal.value(bytes[position + 1])
            else { throw UnreadableValue(type: Data.self) }
            data.append(high << 4 | low)
        }
        self = data
    }
}
