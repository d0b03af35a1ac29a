import Files
import NIOCore
import Synchronization

/// A file store that fails once, at the n-th thing it is asked to do, before or after it is done: as if the process had died there.
final class CrashingFileStore: FileStore {
    struct Crash: Error {}

    private let inner: FolderFileStore
    private let left: Mutex<Int>
    private let after: Bool

    init(_ inner: FolderFileStore, at operation: Int, after: Bool) {
        self.inner = inner
        left = Mutex(operation)
        self.after = after
    }

    func put<Chunks: AsyncSequence & Sendable>(_ chunks: Chunks, limit: Int64) async throws -> StoredFile where Chunks.Element == ByteBuffer {
        let isLast = step()
        if isLast, !after { throw Crash() }
        let file = try await inner.put(chunks, limit: limit)
        if isLast { throw Crash() }
        return file
    }

    func get(_ path: String, range: Range<Int64>?) async throws -> FileContent {
        if step() { throw Crash() }
        return try await inner.get(path, range: range)
    }

    func size(_ path: String) async throws -> Int64? { try await inner.size(path) }
    func delete(_ path: String) async throws { try await inner.delete(path) }

    /// Dead is dead: nothing works from the crash on.
    private func step() -> Bool {
        left.withLock {
            $0 -= 1
            return $0 <= 0
        }
    }
}
