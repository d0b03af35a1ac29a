import Crypto
import Foundation

extension UUID {
    /// An id made from a name: the same name gives the same id everywhere and always. A UUIDv8 (RFC 9562, appendix B.2): the first 128 bits
    /// of a SHA-256 with the version and variant set.
    public init(namespace: String, _ name: String) {
        var hash = SHA256()
        hash.update(data: Array(namespace.utf8))
        hash.update(data: [0])
        hash.update(data: Array(name.utf8))
        var bytes = Array(hash.finalize().prefix(16))
        bytes[6] = bytes[6] & 0x0F | 0x80
        bytes[8] = bytes[8] & 0x3F | 0x80
        self = bytes.withUnsafeBytes { UUID(uuid: $0.loadUnaligned(as: uuid_t.self)) }
    }
}
