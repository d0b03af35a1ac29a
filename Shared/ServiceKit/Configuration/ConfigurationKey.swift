import Foundation

/// A setting of the platform by its key, and what its value is read as.
///
///     extension ConfigurationKey where Value == Double {
///         static let matchThreshold = ConfigurationKey("catalog.match_threshold")
///     }
public struct ConfigurationKey<Value: Sendable>: Sendable {
    public let name: String
    /// Nil when the JSON is not one.
    let read: @Sendable (Data) -> Value?

    public init(_ name: String) where Value: Decodable {
        self.name = name
        read = { try? JSONDecoder().decode(Value.self, from: $0) }
    }

    /// Of a value that is a text of a form of its own; `parse` gives nil when it is not of that form.
    public init(_ name: String, parse: @escaping @Sendable (String) -> Value?) {
        self.name = name
        read = { data in (try? JSONDecoder().decode(String.self, from: data)).flatMap(parse) }
    }
}
