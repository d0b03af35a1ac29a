import Foundation

/// Writes cells as JSON, straight from the text in which Postgres sends them: as `JSONEncoder.hearth` would write the value that they decode to,
/// without making it.
struct JSONWriter {
    private(set) var bytes: [UInt8]

    init(capacity: Int) {
        bytes = []
        bytes.reserveCapacity(capacity)
    }

    mutating func write(_ text: StaticString) { bytes.append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)) }

    /// A member's name; names of columns are identifiers and are written as they are.
    mutating func write(name: String) {
        write("\"")
        bytes.append(contentsOf: name.utf8)
        write("\":")
    }

    /// Throws `UnreadableValue` for what JSON cannot hold: bytes, NaN, infinities, years beyond 9999, arrays in arrays or with a NULL.
    mutating func write(_ cell: UnsafeBufferPointer<UInt8>, as type: PostgresType) throws {
        if let element = type.element { return try write(arrayOf: element, cell) }
        switch type {
        case .bool: write(try Bool(postgresBytes: cell) ? "true" : "false")
        case .int2, .int4, .int8, .json, .jsonb: bytes.append(contentsOf: cell)
        case .float4, .float8, .numeric: try write(number: cell)
        case .timestamptz: try write(time: cell)
        case .bytea: throw UnreadableValue(type: Data.self)
        default: write(string: cell)
        }
    }

    mutating func write(string: UnsafeBufferPointer<UInt8>) {
        write("\"")
        var plain = string.startIndex
        for position in string.indices {
            let byte = string[position]
            guard byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") else { continue }
            bytes.append(contentsOf: string[plain..<position])
            escape(byte)
            plain = position + 1
        }
        bytes.append(contentsOf: string[plain...])
        write("\"")
    }

    private mutating func escape(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "\n"): write("\\n")
        case UInt8(ascii: "\r"): write("\\r")
        case UInt8(ascii: "\t"): write("\\t")
        case 0x08: write("\\b")
        case 0x0c: write("\\f")
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes.append(contentsOf: [UInt8(ascii: "\\"), byte])
        default:
            bytes.append(contentsOf: [UInt8(ascii: "\\"), UInt8(ascii: "u"), 0x30, 0x30, Hexadecimal.digit(byte >> 4), Hexadecimal.digit(byte & 15)])
        }
    }

    /// Without the zeros that a column's scale adds: 850.00 is written as 850.
    private mutating func write(number: UnsafeBufferPointer<UInt8>) throws {
        guard let last = number.last, last & 0xdf < UInt8(ascii: "A") else { throw UnreadableValue(type: Decimal.self) }  // NaN, Infinity
        var end = number.endIndex
        if number.contains(UInt8(ascii: ".")), !number.contains(UInt8(ascii: "e")) {
            while number[end - 1] == UInt8(ascii: "0") { end -= 1 }
            if number[end - 1] == UInt8(ascii: ".") { end -= 1 }
        }
        bytes.append(contentsOf: number[..<end])
    }

    private mutating func write(time: UnsafeBufferPointer<UInt8>) throws {
        guard let date = Timestamp.parse(time, lenient: true), let text = Timestamp.format(date, digits: 3) else {
            throw UnreadableValue(type: Date.self)
        }
        write("\"")
        bytes.append(contentsOf: text.utf8)
        write("\"")
    }

    private mutating func write(arrayOf element: PostgresType, _ cell: UnsafeBufferPointer<UInt8>) throws {
        guard !cell.starts(with: "{{".utf8) else { throw UnreadableValue(type: [[Any]].self) }
        var reader = ArrayReader(cell)
        var isFirst = true
        write("[")
        while let next = try reader.next() {
            if !isFirst { write(",") }
            isFirst = false
            try next.withUnsafeBufferPointer { try write($0, as: element) }
        }
        write("]")
    }
}
