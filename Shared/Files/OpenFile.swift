import Foundation
import NIOCore

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A file descriptor that closes itself. Its calls block: run them on a thread pool.
final class OpenFile: Sendable {
    private let descriptor: CInt

    /// A new file, for writing.
    init(creating path: String) throws {
        descriptor = open(path, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0o640)
        guard descriptor >= 0 else { throw FileStoreError.last("create \(path)") }
    }

    /// An existing file, for reading; nil when there is none.
    init?(reading path: String) throws {
        descriptor = open(path, O_RDONLY | O_CLOEXEC)
        if descriptor < 0 {
            guard errno == ENOENT else { throw FileStoreError.last("open \(path)") }
            return nil
        }
    }

    deinit { close(descriptor) }

    func size() throws -> Int64 {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw FileStoreError.last("fstat") }
        return Int64(status.st_size)
    }

    func write(_ chunk: ByteBuffer) throws {
        try chunk.withUnsafeReadableBytes { bytes in
            var rest = bytes[...]
            while !rest.isEmpty {
                let written = systemWrite(descriptor, UnsafeRawBufferPointer(rebasing: rest))
                if written < 0 && errno == EINTR { continue }
                guard written > 0 else { throw FileStoreError.last("write") }
                rest = rest.dropFirst(written)
            }
        }
    }

    func read(at offset: Int64, length: Int) throws -> ByteBuffer {
        var buffer = ByteBuffer()
        try buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: length) { space in
            while true {
                let count = pread(descriptor, space.baseAddress, length, off_t(offset))
                if count < 0 && errno == EINTR { continue }
                guard count >= 0 else { throw FileStoreError.last("read") }
                return count
            }
        }
        return buffer
    }

    func synchronise() throws {
        guard fsync(descriptor) == 0 else { throw FileStoreError.last("fsync") }
    }
}

/// Outside of the class, where `write` means the system's.
private func systemWrite(_ descriptor: CInt, _ bytes: UnsafeRawBufferPointer) -> Int {
    write(descriptor, bytes.baseAddress, bytes.count)
}

extension FileStoreError {
    /// The system call that just failed, from `errno`.
    static func last(_ operation: String) -> FileStoreError {
        .system(operation: operation, reason: String(cString: strerror(errno)))
    }
}
