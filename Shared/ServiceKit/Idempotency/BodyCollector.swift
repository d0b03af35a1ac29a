import HTTPTypes
import Hummingbird
import NIOCore
import Synchronization

/// Takes what a response's body writes.
struct BodyCollector: ResponseBodyWriter {
    private final class Bytes: Sendable {
        let buffer = Mutex(ByteBuffer())
    }

    private let bytes = Bytes()

    static func bytes(of body: ResponseBody) async throws -> ByteBuffer {
        let collector = BodyCollector()
        try await body.write(collector)
        return collector.bytes.buffer.withLock { $0 }
    }

    mutating func write(_ buffer: ByteBuffer) async throws {
        bytes.buffer.withLock { _ = $0.writeImmutableBuffer(buffer) }
    }

    consuming func finish(_ trailingHeaders: HTTPFields?) async throws {}
}
