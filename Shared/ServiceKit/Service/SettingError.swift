/// A setting is missing or makes no sense. The process ends with `EX_CONFIG` (78) and this one line.
public struct SettingError: Error, Sendable, CustomStringConvertible {
    public var name: String
    public var reason: String

    public init(_ name: String, _ reason: String) {
        self.name = name
        self.reason = reason
    }

    public var description: String { "The setting \(name) \(reason)." }
}
