/// Why a store refused or failed.
public enum FileStoreError: Error, Sendable, Equatable {
    /// More bytes came than allowed.
    case tooLarge(limit: Int64)
    /// There is no such file, or the path is not one that a store makes.
    case notFound(path: String)
    /// The operating system refused: what was tried, and `errno` in words.
    case system(operation: String, reason: String)
}
