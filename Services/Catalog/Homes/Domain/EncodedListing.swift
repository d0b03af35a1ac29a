import Postgres

/// A listing in the form in which it is cached: its version in eight bytes, then the JSON of the answer.
struct EncodedListing: RowDecodable {
    let bytes: [UInt8]

    /// From a row of `Listing.columns`, whose names are those of the answer's members.
    init(row: Row) throws {
        let version: Int64 = try row["version"]
        bytes = withUnsafeBytes(of: version.bigEndian, Array.init) + (try row.jsonObject())
    }

    /// Nil when there is no listing in it.
    init?(bytes: [UInt8]) {
        guard bytes.count > 8 else { return nil }
        self.bytes = bytes
    }

    var version: Int64 { bytes.prefix(8).reduce(0) { $0 << 8 | Int64($1) } }
    var json: [UInt8] { Array(bytes.dropFirst(8)) }
}
