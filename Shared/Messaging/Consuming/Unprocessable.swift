/// Throw it from a handler when trying again cannot help: the message is parked at once.
public struct Unprocessable: Error {
    /// Stands in the dead letter; never put secrets in.
    public var reason: String
    public init(_ reason: String) { self.reason = reason }
}
