/// The migrations themselves are not in order; the message says which and why.
public struct MigrationError: Error, CustomStringConvertible, Sendable {
    public let description: String

    init(_ description: String) { self.description = description }
}
