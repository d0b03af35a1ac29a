import Foundation
import Postgres

/// A listing in the form in which it is cached: its version in eight bytes, then the JSON of the answer.
struct EncodedListing: Sendable {
    let bytes: [UInt8]

    init(_ listing: Listing) throws {
        bytes = withUnsafeBytes(of: listing.version.bigEndian, Array.init) + Array(try JSONEncoder.hearth.encode(listing))
    }

    /// Nil when there is no listing in it.
    init?(bytes: [UInt8]) {
        guard bytes.count > 8 else { return nil }
        self.bytes = bytes
    }

    var version: Int64 { bytes.prefix(8).reduce(0) { $0 << 8 | Int64($1) } }
    var json: [UInt8] { Array(bytes.dropFirst(8)) }
}
