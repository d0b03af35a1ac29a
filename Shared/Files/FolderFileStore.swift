import Crypto
import Foundation
import NIOCore
import NIOPosix

/// A folder as a file store.
///
/// A file is written to `.incoming`, synchronised, and renamed to its place, so that a reader sees all of it or nothing and a crash leaves at most
/// an unfinished file there. Every system call runs on NIO's thread pool, never on the cooperative one.
public struct FolderFileStore: FileStore {
    private let root: String
    private let pool: NIOThreadPool

    /// - Parameter root: made when it does not exist.
    public init(root: String, pool: NIOThreadPool = .singleton) {
        self.root = root
        self.pool = pool
    }

    public func put<Chunks: AsyncSequence & Sendable>(
        _ chunks: Chunks, limit: Int64
    ) async throws -> StoredFile where Chunks.Element == ByteBuffer {
        let incoming = root + "/.incoming"
        let temporary = incoming + "/" + UUID().uuidString
        let file = try await pool.run {
            try FileSystemCalls.makeFolder(incoming)
            return try OpenFile(creating: temporary)
        }
        do {
            let (hash, size) = try await write(chunks, to: file, limit: limit)
            return try await place(temporary, hash: hash, size: size, synchronising: file)
        } catch {
            try? await pool.run { try FileSystemCalls.remove(temporary) }
            throw error
        }
    }

    public func get(_ path: String, range: Range<Int64>?) async throws -> FileContent {
        guard Self.isWellFormed(path) else { throw FileStoreError.notFound(path: path) }
        let full = root + "/" + path
        let (file, size) = try await pool.run {
            guard let file = try OpenFile(reading: full) else { throw FileStoreError.notFound(path: path) }
            return (file, try file.size())
        }
        return FileContent(size: size, range: (range ?? 0..<size).clamped(to: 0..<size)) { [pool] offset, length in
            try await pool.run { try file.read(at: offset, length: length) }
        }
    }

    public func size(_ path: String) async throws -> Int64? {
        guard Self.isWellFormed(path) else { return nil }
        return try await pool.run { [root] in try OpenFile(reading: root + "/" + path)?.size() }
    }

    public func delete(_ path: String) async throws {
        guard Self.isWellFormed(path) else { return }
        try await pool.run { [root] in try FileSystemCalls.remove(root + "/" + path) }
    }

    /// Removes what crashed writers left behind. Files younger than `age` may still be written to and stay.
    public func removeUnfinished(olderThan age: Duration = .seconds(86_400)) async throws {
        try await pool.run { [root] in
            try FileSystemCalls.removeFiles(in: root + "/.incoming", notTouchedSince: Date(timeIntervalSinceNow: -Double(age.components.seconds)))
        }
    }

    private func write<Chunks: AsyncSequence>(
        _ chunks: Chunks, to file: OpenFile, limit: Int64
    ) async throws -> (hash: String, size: Int64) where Chunks.Element == ByteBuffer {
        var hasher = SHA256()
        var size: Int64 = 0
        for try await chunk in chunks {
            size += Int64(chunk.readableBytes)
            guard size <= limit else { throw FileStoreError.tooLarge(limit: limit) }
            chunk.withUnsafeReadableBytes { hasher.update(bufferPointer: $0) }
            try await pool.run { try file.write(chunk) }
        }
        return (hasher.finalize().map { String(format: "%02x", $0) }.joined(), size)
    }

    private func place(_ temporary: String, hash: String, size: Int64, synchronising file: OpenFile) async throws -> StoredFile {
        let folder = "\(hash.prefix(2))/\(hash.dropFirst(2).prefix(2))"
        let path = "\(folder)/\(hash)"
        let isNew = try await pool.run { [root] in
            let existing = try OpenFile(reading: root + "/" + path)
            guard try existing?.size() != size else {
                try FileSystemCalls.remove(temporary)
                return false
            }
            try file.synchronise()
            try FileSystemCalls.makeFolder(root + "/" + folder)
            try FileSystemCalls.rename(temporary, to: root + "/" + path)
            try FileSystemCalls.synchroniseFolder(root + "/" + folder)
            return true
        }
        return StoredFile(hash: hash, size: size, path: path, isNew: isNew)
    }

    /// Only paths of the shape that `put` makes: nothing from outside can climb out of the folder.
    static func isWellFormed(_ path: String) -> Bool {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[2].utf8.count == 64 else { return false }
        let isHexadecimal = parts[2].utf8.allSatisfy { (48...57).contains($0) || (97...102).contains($0) }
        return isHexadecimal && parts[0] == parts[2].prefix(2) && parts[1] == parts[2].dropFirst(2).prefix(2)
    }
}

extension NIOThreadPool {
    fileprivate func run<Result: Sendable>(_ work: @escaping @Sendable () throws -> Result) async throws -> Result {
        try await runIfActive(work)
    }
}
