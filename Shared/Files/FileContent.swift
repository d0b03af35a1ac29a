import NIOCore

/// A file's bytes, or a part of them, as a sequence of chunks. Read once, by one task; leaving the loop early is fine.
public struct FileContent: AsyncSequence, Sendable {
    public typealias Element = ByteBuffer

    /// Bytes of the whole file.
    public let size: Int64
    /// The bytes that this sequence gives.
    public let range: Range<Int64>
    let read: @Sendable (_ offset: Int64, _ length: Int) async throws -> ByteBuffer

    /// - Parameter read: gives at most `length` bytes from `offset` on; no bytes mean that the file has ended.
    public init(size: Int64, range: Range<Int64>, read: @escaping @Sendable (_ offset: Int64, _ length: Int) async throws -> ByteBuffer) {
        self.size = size
        self.range = range
        self.read = read
    }

    public func makeAsyncIterator() -> Iterator { Iterator(read: read, left: range) }

    public struct Iterator: AsyncIteratorProtocol {
        static let chunkSize: Int64 = 128 * 1024
        let read: @Sendable (Int64, Int) async throws -> ByteBuffer
        var left: Range<Int64>

        public mutating func next() async throws -> ByteBuffer? {
            guard !left.isEmpty else { return nil }
            let chunk = try await read(left.lowerBound, Int(Swift.min(Int64(left.count), Self.chunkSize)))
            guard chunk.readableBytes > 0 else { return nil }
            left = (left.lowerBound + Int64(chunk.readableBytes))..<left.upperBound
            return chunk
        }
    }
}
