/// The checksum of a ZIP archive (ISO 3309), one piece after the other.
struct CRC32: Sendable {
    private(set) var value: UInt32

    /// Goes on from the value of the pieces before; 0 for none.
    init(_ value: UInt32 = 0) { self.value = value }

    mutating func add(_ bytes: some Sequence<UInt8>) {
        var state = ~value
        for byte in bytes { state = Self.table[Int((state ^ UInt32(byte)) & 0xFF)] ^ (state >> 8) }
        value = ~state
    }

    private static let table: [UInt32] = (0..<256).map { index in
        (0..<8).reduce(UInt32(index)) { state, _ in state & 1 == 1 ? 0xEDB8_8320 ^ (state >> 1) : state >> 1 }
    }
}
