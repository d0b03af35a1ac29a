import NIOCore

/// Where files lie, addressed by their content: a folder today, any S3 store tomorrow.
///
/// The same bytes put twice are stored once, so whoever deletes must know that nobody else refers to them.
public protocol FileStore: Sendable {
    /// Stores a stream of chunks and tells its SHA-256 and size. Nothing is visible before everything is on the disk.
    ///
    /// - Parameter limit: the most bytes taken; one more throws ``FileStoreError/tooLarge(limit:)`` while streaming and stores nothing.
    /// - Throws: ``FileStoreError``, and whatever the stream throws.
    func put<Chunks: AsyncSequence & Sendable>(_ chunks: Chunks, limit: Int64) async throws -> StoredFile where Chunks.Element == ByteBuffer

    /// The content, or a part of it, to be streamed.
    ///
    /// - Parameter range: bytes, counted from 0, the upper bound excluded; clamped to the file's size. Nil is everything.
    /// - Throws: ``FileStoreError/notFound(path:)``.
    func get(_ path: String, range: Range<Int64>?) async throws -> FileContent

    /// The size in bytes, or nil when there is no such file.
    func size(_ path: String) async throws -> Int64?

    /// Removes a file; a file that is not there is no error.
    func delete(_ path: String) async throws
}

extension FileStore {
    /// Whether something is stored under this path.
    public func exists(_ path: String) async throws -> Bool { try await size(path) != nil }

    /// Stores bytes that are in memory already.
    public func put(_ bytes: ByteBuffer) async throws -> StoredFile {
        try await put(OneChunk(bytes: bytes), limit: Int64(bytes.readableBytes))
    }
}

private struct OneChunk: AsyncSequence, Sendable {
    typealias Element = ByteBuffer
    let bytes: ByteBuffer

    func makeAsyncIterator() -> Iterator { Iterator(bytes: bytes) }

    struct Iterator: AsyncIteratorProtocol {
        var bytes: ByteBuffer?
        mutating func next() async -> ByteBuffer? {
            defer { bytes = nil }
            return bytes
        }
    }
}
