import Foundation
import NIOCore
import Testing

@testable import Files

@Suite("A folder as a file store")
struct FolderFileStoreTests {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("hearth-files-\(UUID().uuidString)").path
    var store: FolderFileStore { FolderFileStore(root: folder) }

    func inFolder(_ body: () async throws -> Void) async throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try await body()
    }

    func stream(_ chunks: [String]) -> AsyncThrowingStream<ByteBuffer, any Error> {
        AsyncThrowingStream { continuation in
            for chunk in chunks { continuation.yield(ByteBuffer(string: chunk)) }
            continuation.finish()
        }
    }

    func text(_ path: String, _ range: Range<Int64>? = nil) async throws -> String {
        var all = ByteBuffer()
        for try await var chunk in try await store.get(path, range: range) { all.writeBuffer(&chunk) }
        return String(buffer: all)
    }

    var unfinished: [String] { (try? FileManager.default.contentsOfDirectory(atPath: folder + "/.incoming")) ?? [] }

    @Test("a stream is stored under its SHA-256")
    func addressedByContent() async throws {
        try await inFolder {
            let file = try await store.put(stream(["a", "b", "c"]), limit: 10)
            #expect(file.hash == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
            #expect(file.path == "ba/78/\(file.hash)")
            #expect(file.size == 3)
            #expect(file.isNew)
            #expect(try await text(file.path) == "abc")
            #expect(unfinished.isEmpty)
        }
    }

    @Test("the same bytes are stored once, however they were cut into chunks")
    func storedOnce() async throws {
        try await inFolder {
            let first = try await store.put(stream(["same bytes"]), limit: 100)
            let second = try await store.put(stream(["same", " bytes"]), limit: 100)
            #expect(first.path == second.path)
            #expect(!second.isNew)
            #expect(unfinished.isEmpty)
        }
    }

    @Test("writers of the same bytes at once all succeed")
    func concurrentWriters() async throws {
        try await inFolder {
            let paths = try await withThrowingTaskGroup(of: String.self) { group in
                for _ in 0..<16 { group.addTask { try await store.put(stream(["x", "y"]), limit: 2).path } }
                return try await group.reduce(into: Set()) { $0.insert($1) }
            }
            #expect(paths.count == 1)
            #expect(unfinished.isEmpty)
        }
    }

    @Test("one byte over the limit stores nothing")
    func limit() async throws {
        try await inFolder {
            await #expect(throws: FileStoreError.tooLarge(limit: 5)) { try await store.put(stream(["123", "456"]), limit: 5) }
            #expect(unfinished.isEmpty)
            let fits = try await store.put(stream(["123", "45"]), limit: 5)
            #expect(fits.size == 5)
        }
    }

    @Test("a stream that breaks leaves nothing behind")
    func brokenStream() async throws {
        struct Broken: Error {}
        try await inFolder {
            let broken = AsyncThrowingStream<ByteBuffer, any Error> { continuation in
                continuation.yield(ByteBuffer(string: "half"))
                continuation.finish(throwing: Broken())
            }
            await #expect(throws: Broken.self) { try await store.put(broken, limit: 100) }
            #expect(unfinished.isEmpty)
        }
    }

    @Test("a range gives exactly its bytes, and is clamped to the file")
    func ranges() async throws {
        try await inFolder {
            let path = try await store.put(ByteBuffer(string: "0123456789")).path
            #expect(try await text(path, 2..<5) == "234")
            #expect(try await text(path, 8..<99) == "89")
            #expect(try await text(path, 99..<100) == "")
            let content = try await store.get(path, range: 8..<99)
            #expect(content.size == 10)
            #expect(content.range == 8..<10)
        }
    }

    @Test("a file larger than a chunk comes back whole")
    func manyChunks() async throws {
        try await inFolder {
            let bytes = ByteBuffer(bytes: (0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* 31) })
            let path = try await store.put(bytes).path
            var all = ByteBuffer()
            var chunks = 0
            for try await var chunk in try await store.get(path, range: nil) {
                chunks += 1
                all.writeBuffer(&chunk)
            }
            #expect(all == bytes)
            #expect(chunks == 3)
        }
    }

    @Test("an empty file is a file")
    func empty() async throws {
        try await inFolder {
            let file = try await store.put(ByteBuffer())
            #expect(file.size == 0)
            #expect(try await text(file.path) == "")
        }
    }

    @Test("a deleted file is gone, and deleting again is no error")
    func deleting() async throws {
        try await inFolder {
            let path = try await store.put(ByteBuffer(string: "gone")).path
            #expect(try await store.exists(path))
            try await store.delete(path)
            try await store.delete(path)
            #expect(try await !store.exists(path))
            await #expect(throws: FileStoreError.notFound(path: path)) { try await store.get(path, range: nil) }
        }
    }

    @Test("no path climbs out of the folder", arguments: ["../../etc/passwd", "/etc/passwd", "ab/cd/../../../x", "", "ab/cd"])
    func traversal(path: String) async throws {
        await #expect(throws: FileStoreError.notFound(path: path)) { try await store.get(path, range: nil) }
        #expect(try await !store.exists(path))
    }

    @Test("what a crashed writer left is removed once it is old")
    func unfinishedFiles() async throws {
        try await inFolder {
            _ = try await store.put(ByteBuffer(string: "x"))
            let left = folder + "/.incoming/left"
            try Data("half".utf8).write(to: URL(fileURLWithPath: left))
            try await store.removeUnfinished(olderThan: .seconds(3600))
            #expect(unfinished == ["left"])
            try FileManager.default.setAttributes([.modificationDate: Date(timeIntervalSinceNow: -7200)], ofItemAtPath: left)
            try await store.removeUnfinished(olderThan: .seconds(3600))
            #expect(unfinished.isEmpty)
        }
    }
}
