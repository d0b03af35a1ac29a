/// An enumeration of strings on the wire. A value that is not one of its cases is told with the allowed ones (422).
///
///     enum PropertyType: String, WireEnumeration { case apartment, house, room, studio }
public protocol WireEnumeration: RawRepresentable, CaseIterable, Codable, Sendable where RawValue == String {}

extension WireEnumeration {
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let value = Self(rawValue: text) else {
            throw DecodingError.dataCorrupted(
                .init(
                    codingPath: decoder.codingPath, debugDescription: "unknown value",
                    underlyingError: UnknownCase(allowed: Self.allCases.map(\.rawValue))))
        }
        self = value
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(rawValue)
    }
}

/// The values that would have been taken.
struct UnknownCase: Error {
    var allowed: [String]
}
