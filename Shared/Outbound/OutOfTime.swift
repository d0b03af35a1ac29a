/// No whole answer came in the time that there was for it.
public struct OutOfTime: Error, CustomStringConvertible {
    public init() {}
    public var description: String { "no whole answer in time" }
}
