/// Where one migration of a schema stands.
public struct MigrationStatus: Sendable, Hashable {
    public enum State: String, Sendable {
        case applied, pending
        /// Applied, and its file is not what it was then.
        case changed
        /// Applied, and there is no file of its version.
        case missing
    }
    public var version: String
    public var description: String
    public var state: State
}
