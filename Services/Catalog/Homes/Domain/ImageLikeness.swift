/// How many pictures two listings share, by their difference hashes.
enum ImageLikeness {
    /// Bits in which two hashes of one picture may differ: another size, another compression, a small watermark.
    static let tolerance = 8
    private static let most = 30

    /// The share of the smaller set that has a like in the other; nil when either has none.
    static func share(_ one: [UInt64], _ other: [UInt64]) -> Double? {
        let (one, other) = (telling(one), telling(other))
        let (few, many) = one.count <= other.count ? (one, other) : (other, one)
        guard !few.isEmpty else { return nil }
        let found = few.filter { hash in many.contains { (hash ^ $0).nonzeroBitCount <= tolerance } }
        return Double(found.count) / Double(few.count)
    }

    /// A plain area (a placeholder, a logo on white) hashes to nearly nothing and is like every other.
    private static func telling(_ hashes: [UInt64]) -> [UInt64] {
        Array(Set(hashes.prefix(most).filter { (8...56).contains($0.nonzeroBitCount) }))
    }
}
