/// What could not be made, why, and what to do about it.
public struct ProvisioningError: Error, Sendable, CustomStringConvertible {
    public var description: String

    public init(_ description: String) { self.description = description }
}
