import Crypto
import Foundation

/// The key under which a service hashes values that it keeps sealed and has to compare. Unlike the keys that seal, it never changes, so that a hash
/// goes on to match; it lies in the database sealed by them, and rotates as little as what it seals.
public struct MatchingKey: Sendable {
    private let key: SymmetricKey

    init(bytes: [UInt8]) { key = SymmetricKey(data: bytes) }

    /// HMAC-SHA256 of a normalised value. Values of different kinds never have one hash.
    public func hash(_ text: String, kind: String) -> Data {
        var hash = HMAC<SHA256>(key: key)
        hash.update(data: Data(kind.utf8))
        hash.update(data: [0])
        hash.update(data: Data(text.utf8))
        return Data(hash.finalize())
    }
}
