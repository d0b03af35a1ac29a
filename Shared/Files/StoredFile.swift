/// What a store knows of a file it took.
public struct StoredFile: Sendable, Hashable {
    /// SHA-256 of the bytes, 64 lower-case hexadecimal digits.
    public var hash: String
    /// Bytes.
    public var size: Int64
    /// Where it lies: a path below the folder, or a key in the bucket. Made from the hash alone: `ab/cd/abcd…`.
    public var path: String
    /// False when the same bytes were there before.
    public var isNew: Bool

    public init(hash: String, size: Int64, path: String, isNew: Bool) {
        self.hash = hash
        self.size = size
        self.path = path
        self.isNew = isNew
    }
}
