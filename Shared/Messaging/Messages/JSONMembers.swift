import Foundation

/// The members of a JSON object by name, each as its own piece of JSON, found in one pass without making values of what nobody asks for. Numbers
/// keep every digit. It checks brackets and strings; whoever decodes a piece checks the rest of it.
struct JSONMembers {
    private(set) var members: [String: ArraySlice<UInt8>] = [:]

    /// Throws `Unprocessable` for anything but one object.
    init(_ json: [UInt8]) throws(Unprocessable) {
        var reader = Reader(json: json)
        reader.skipSpace()
        try reader.expect(UInt8(ascii: "{"))
        reader.skipSpace()
        if reader.peek != UInt8(ascii: "}") {
            while true {
                reader.skipSpace()
                let name = try Self.text(reader.string())
                reader.skipSpace()
                try reader.expect(UInt8(ascii: ":"))
                reader.skipSpace()
                members[name] = try reader.value()
                reader.skipSpace()
                guard reader.peek == UInt8(ascii: ",") else { break }
                reader.position += 1
            }
        }
        try reader.expect(UInt8(ascii: "}"))
        reader.skipSpace()
        if reader.peek != nil { throw .brokenJSON }
    }

    /// A string member; nil when it is missing or anything else.
    func string(_ name: String) -> String? {
        guard let json = members[name], json.first == UInt8(ascii: "\"") else { return nil }
        return try? Self.text(json)
    }

    /// A string member that is a UUID.
    func uuid(_ name: String) -> UUID? { string(name).flatMap(UUID.init(uuidString:)) }

    /// A member as it stands; a string without its quotes.
    func text(_ name: String) -> String? { string(name) ?? members[name].map { String(decoding: $0, as: UTF8.self) } }

    private static func text(_ quoted: ArraySlice<UInt8>) throws(Unprocessable) -> String {
        guard quoted.contains(UInt8(ascii: "\\")) else {
            guard let text = String(validating: quoted.dropFirst().dropLast(), as: UTF8.self) else { throw .brokenJSON }
            return text
        }
        guard let text = try? JSONDecoder().decode(String.self, from: Data(quoted)) else { throw .brokenJSON }
        return text
    }

    private struct Reader {
        let json: [UInt8]
        var position = 0

        var peek: UInt8? { position < json.count ? json[position] : nil }

        mutating func skipSpace() {
            while let byte = peek, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
        }

        mutating func expect(_ byte: UInt8) throws(Unprocessable) {
            guard peek == byte else { throw .brokenJSON }
            position += 1
        }

        mutating func string() throws(Unprocessable) -> ArraySlice<UInt8> {
            let start = position
            try expect(UInt8(ascii: "\""))
            while let byte = peek {
                position += 1
                if byte == UInt8(ascii: "\"") { return json[start..<position] }
                if byte == UInt8(ascii: "\\") { position += 1 }
            }
            throw .brokenJSON
        }

        mutating func value() throws(Unprocessable) -> ArraySlice<UInt8> {
            let start = position
            switch peek {
            case UInt8(ascii: "\"")?: return try string()
            case UInt8(ascii: "{")?, UInt8(ascii: "[")?: try skipNested()
            default:
                while let byte = peek, ![0x2C, 0x7D, 0x5D, 0x20, 0x0A, 0x0D, 0x09].contains(byte) { position += 1 }
            }
            guard position > start else { throw .brokenJSON }
            return json[start..<position]
        }

        private mutating func skipNested() throws(Unprocessable) {
            var closers: [UInt8] = []
            while let byte = peek {
                switch byte {
                case UInt8(ascii: "\""):
                    _ = try string()
                    continue
                case UInt8(ascii: "{"): closers.append(UInt8(ascii: "}"))
                case UInt8(ascii: "["): closers.append(UInt8(ascii: "]"))
                case UInt8(ascii: "}"), UInt8(ascii: "]"):
                    guard closers.popLast() == byte else { throw .brokenJSON }
                default: break
                }
                position += 1
                if closers.isEmpty { return }
            }
            throw .brokenJSON
        }
    }
}

extension Unprocessable {
    static let brokenJSON = Unprocessable("broken JSON")
}
