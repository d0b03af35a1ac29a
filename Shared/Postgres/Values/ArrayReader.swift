/// Takes the elements of Postgres' array text (`{a,"b \" c",{…}}`) one by one, unescaped. A NULL element is refused.
struct ArrayReader {
    private let bytes: UnsafeBufferPointer<UInt8>
    private var position: Int

    init(_ bytes: UnsafeBufferPointer<UInt8>) {
        self.bytes = bytes
        // Bounds other than 1 are written before the braces: `[0:2]={…}`.
        position = bytes.first == UInt8(ascii: "[") ? (bytes.firstIndex(of: UInt8(ascii: "=")) ?? 0) + 1 : 0
    }

    mutating func next() throws -> [UInt8]? {
        guard position < bytes.count else { throw UnreadableValue(type: [Any].self) }
        let mark = bytes[position]
        position += 1
        guard mark == UInt8(ascii: "{") || mark == UInt8(ascii: ",") || mark == UInt8(ascii: "}") else { throw UnreadableValue(type: [Any].self) }
        if mark == UInt8(ascii: "}") { return nil }
        guard position < bytes.count else { throw UnreadableValue(type: [Any].self) }
        switch bytes[position] {
        case UInt8(ascii: "}"):
            return try next()
        case UInt8(ascii: "\""):
            return try quoted()
        case UInt8(ascii: "{"):
            return try nested()
        default:
            let start = position
            while position < bytes.count, bytes[position] != UInt8(ascii: ","), bytes[position] != UInt8(ascii: "}") { position += 1 }
            let element = Array(bytes[start..<position])
            guard !element.elementsEqual("NULL".utf8) else { throw UnreadableValue(type: [Any].self) }
            return element
        }
    }

    private mutating func quoted() throws -> [UInt8] {
        var element: [UInt8] = []
        position += 1
        while position < bytes.count, bytes[position] != UInt8(ascii: "\"") {
            if bytes[position] == UInt8(ascii: "\\") { position += 1 }
            guard position < bytes.count else { break }
            element.append(bytes[position])
            position += 1
        }
        guard position < bytes.count else { throw UnreadableValue(type: [Any].self) }
        position += 1
        return element
    }

    private mutating func nested() throws -> [UInt8] {
        let start = position
        var depth = 0
        var inQuotes = false
        while position < bytes.count {
            let byte = bytes[position]
            position += 1
            if inQuotes {
                if byte == UInt8(ascii: "\\") { position += 1 } else if byte == UInt8(ascii: "\"") { inQuotes = false }
            } else if byte == UInt8(ascii: "\"") {
                inQuotes = true
            } else if byte == UInt8(ascii: "{") {
                depth += 1
            } else if byte == UInt8(ascii: "}") {
                depth -= 1
                if depth == 0 { return Array(bytes[start..<position]) }
            }
        }
        throw UnreadableValue(type: [Any].self)
    }
}
