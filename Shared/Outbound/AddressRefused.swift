/// A server that may not be asked, or has no address. Worth another try only in so far as a name may be given another address.
public struct AddressRefused: Error, Sendable, Equatable, CustomStringConvertible {
    public let description: String

    public init(_ description: String) { self.description = description }
}
