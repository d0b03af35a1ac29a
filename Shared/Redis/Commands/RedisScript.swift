import Synchronization

/// A Lua script that the server runs atomically. Keep it in a `static let`: it remembers the digest by which servers know it.
public struct RedisScript: Sendable {
    public let source: String
    let digest = Digest()

    public init(_ source: StaticString) { self.source = source.description }

    /// The SHA-1 that the first server told; it depends on the source alone, so it holds for every server.
    final class Digest: Sendable {
        private let value = Mutex<String?>(nil)
        var known: String? {
            get { value.withLock { $0 } }
            set { value.withLock { $0 = newValue } }
        }
    }
}
