import CArchive
import Foundation
import NIOCore

/// Writes a ZIP archive from front to back by libarchive, holding no more of it than has been written since it was last taken.
final class ZipWriter {
    struct Failure: Error, CustomStringConvertible {
        var description: String
    }

    private let archive: OpaquePointer
    private let output = Output()
    private let time: Date

    /// The time is that of every file in it.
    init(at time: Date) throws {
        guard let archive = archive_write_new() else { throw Failure(description: "there is no memory for an archive") }
        self.archive = archive
        self.time = time
        let place = Unmanaged.passUnretained(output).toOpaque()
        // What libarchive has ready it hands over at once: it is bytes in memory, no file that wants blocks.
        guard archive_write_set_format_zip(archive) == ARCHIVE_OK,
            archive_write_set_options(archive, "zip:hdrcharset=UTF-8,zip:compression-level=1") == ARCHIVE_OK,
            archive_write_set_bytes_per_block(archive, 0) == ARCHIVE_OK,
            archive_write_open(
                archive, place, nil,
                { _, place, bytes, count in
                    guard let place, let bytes else { return -1 }
                    let output = Unmanaged<Output>.fromOpaque(place).takeUnretainedValue()
                    return output.buffer.writeBytes(UnsafeRawBufferPointer(start: bytes, count: count))
                }, nil) == ARCHIVE_OK
        else {
            let failure = failure
            archive_write_free(archive)
            throw failure
        }
    }

    deinit { archive_write_free(archive) }

    /// Begins the next file; its bytes follow.
    func begin(_ name: String, size: Int64) throws {
        guard let entry = archive_entry_new() else { throw Failure(description: "there is no memory for an entry") }
        defer { archive_entry_free(entry) }
        archive_entry_set_pathname_utf8(entry, name)
        archive_entry_set_size(entry, size)
        archive_entry_set_filetype(entry, S_IFREG)
        archive_entry_set_perm(entry, 0o644)
        archive_entry_set_mtime(entry, time_t(time.timeIntervalSince1970), 0)
        guard archive_write_header(archive, entry) == ARCHIVE_OK else { throw failure }
    }

    func write(_ bytes: Data) throws {
        let written = bytes.withUnsafeBytes { archive_write_data(archive, $0.baseAddress, $0.count) }
        guard written == bytes.count else { throw failure }
    }

    /// Writes what stands at the end of an archive.
    func close() throws {
        guard archive_write_close(archive) == ARCHIVE_OK else { throw failure }
    }

    /// What is ready and has not been taken yet.
    func take() -> ByteBuffer {
        defer { output.buffer = ByteBuffer() }
        return output.buffer
    }

    private var failure: Failure {
        Failure(description: archive_error_string(archive).map { String(cString: $0) } ?? "the archive cannot be written")
    }

    /// Where libarchive writes to.
    private final class Output {
        var buffer = ByteBuffer()
    }
}
