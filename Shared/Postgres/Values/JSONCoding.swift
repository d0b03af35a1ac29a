import Foundation

extension JSONEncoder {
    /// JSON as Hearth writes it: times in RFC 3339 with milliseconds in UTC, UUIDs in lower case, slashes unescaped. Shared; never change its settings.
    public static let hearth: JSONEncoder = {
        let encoder = WireEncoder()
        encoder.outputFormatting = [.withoutEscapingSlashes]
        encoder.dateEncodingStrategy = .custom { date, encoder in
            guard let text = Timestamp.format(date, digits: 3) else {
                throw EncodingError.invalidValue(
                    date, .init(codingPath: encoder.codingPath, debugDescription: "the date is beyond the years 1 to 9999"))
            }
            var container = encoder.singleValueContainer()
            try container.encode(text)
        }
        return encoder
    }()
}

extension JSONDecoder {
    /// JSON as Hearth reads it: times in RFC 3339 with any fraction and offset. Shared; never change its settings.
    public static let hearth: JSONDecoder = {
        let decoder = JSONDecoder()
        decoder.dateDecodingStrategy = .custom { decoder in
            let container = try decoder.singleValueContainer()
            var text = try container.decode(String.self)
            guard let date = text.withUTF8({ Timestamp.parse($0, lenient: false) }) else {
                throw DecodingError.dataCorruptedError(
                    in: container, debugDescription: "expected a time as in RFC 3339, such as 2026-11-21T09:30:00.000Z")
            }
            return date
        }
        return decoder
    }()
}
