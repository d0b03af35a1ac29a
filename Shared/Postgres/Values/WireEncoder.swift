import Foundation

/// Writes what is exactly a UUID in lower case, as RFC 9562 asks of those who write one; Foundation's coding of `UUID` writes capitals.
/// So an id reads the same in JSON, in a path, in a header and in SQL.
final class WireEncoder: JSONEncoder, @unchecked Sendable {  // It adds no state to what is Sendable already.
    override func encode<T: Encodable>(_ value: T) throws -> Data {
        var json = try super.encode(value)
        json.withUnsafeMutableBytes { Self.lowercaseUUIDs($0.bindMemory(to: UInt8.self)) }
        return json
    }

    /// A quotation mark, 36 characters of a UUID and a quotation mark can only be one whole string: inside a longer one the marks would be escaped.
    private static func lowercaseUUIDs(_ json: UnsafeMutableBufferPointer<UInt8>) {
        let quote = UInt8(ascii: "\""), length = 36
        var start = 0
        while start + length + 1 < json.count {
            if json[start] == quote, json[start + length + 1] == quote, isUUID(json[(start + 1)...(start + length)]) {
                for index in start + 1...start + length where (UInt8(ascii: "A")...UInt8(ascii: "F")).contains(json[index]) { json[index] |= 0x20 }
                start += length + 1
            }
            start += 1
        }
    }

    private static func isUUID(_ text: Slice<UnsafeMutableBufferPointer<UInt8>>) -> Bool {
        for (offset, byte) in text.enumerated() {
            switch (offset, byte) {
            case (8, UInt8(ascii: "-")), (13, UInt8(ascii: "-")), (18, UInt8(ascii: "-")), (23, UInt8(ascii: "-")): continue
            case (8, _), (13, _), (18, _), (23, _): return false
            case (_, UInt8(ascii: "0")...UInt8(ascii: "9")), (_, UInt8(ascii: "A")...UInt8(ascii: "F")), (_, UInt8(ascii: "a")...UInt8(ascii: "f")):
                continue
            default: return false
            }
        }
        return true
    }
}
