import Foundation

extension UUID: PostgresCodable {
    public static var postgresType: PostgresType { .uuid }

    public var postgresValue: PostgresValue {
        let text = withUnsafeBytes(of: uuid) { bytes in
            String(unsafeUninitializedCapacity: 36) { buffer in
                var position = 0
                for (index, byte) in bytes.enumerated() {
                    if index == 4 || index == 6 || index == 8 || index == 10 {
                        buffer[position] = UInt8(ascii: "-")
                        position += 1
                    }
                    buffer[position] = Hexadecimal.digit(byte >> 4)
                    buffer[position + 1] = Hexadecimal.digit(byte & 15)
                    position += 2
                }
                return 36
            }
        }
        return .init(text, type: .uuid)
    }

    public init(postgresBytes bytes: UnsafeBufferPointer<UInt8>) throws {
        guard bytes.count == 36 else { throw UnreadableValue(type: UUID.self) }
        var value: uuid_t = (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
        let readable = withUnsafeMutableBytes(of: &value) { target in
            var position = 0
            for index in 0..<16 {
                if index == 4 || index == 6 || index == 8 || index == 10 {
                    guard bytes[position] == UInt8(ascii: "-") else { return false }
                    position += 1
                }
                guard let high = Hexadecimal.value(bytes[position]), let low = Hexadecimal.value(bytes[position + 1]) else { return false }
                target[index] = high << 4 | low
                position += 2
            }
            return true
        }
        guard readable else { throw UnreadableValue(type: UUID.self) }
        self.init(uuid: value)
    }
}
