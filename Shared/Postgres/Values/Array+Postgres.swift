extension Array: PostgresEncodable where Element: PostgresEncodable {
    public static var postgresType: PostgresType { Element.postgresType.array }

    public var postgresValue: PostgresValue {
        var text = "{"
        for (index, element) in enumerated() {
            if index > 0 { text += "," }
            guard let value = element.postgresValue.text else {
                text += "NULL"
                continue
            }
            if Element.self is any PostgresArray.Type {
                text += value
            } else {
                text += "\""
                for scalar in value.unicodeScalars {
                    if scalar == "\"" || scalar == "\\" { text.unicodeScalars.append("\\") }
                    text.unicodeScalars.append(scalar)
                }
                text += "\""
            }
        }
        return .init(text + "}", type: Self.postgresType)
    }
}

extension Array: PostgresDecodable where Element: PostgresDecodable {
    public init(postgresBytes bytes: UnsafeBufferPointer<UInt8>) throws {
        var reader = ArrayReader(bytes)
        self = []
        while let element = try reader.next() {
            append(try element.withUnsafeBufferPointer { try Element(postgresBytes: $0) })
        }
    }
}

/// Marks arrays, whose text nests without quotes.
protocol PostgresArray {}
extension Array: PostgresArray {}
