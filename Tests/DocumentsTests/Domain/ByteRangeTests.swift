import Testing

@testable import Documents

@Suite("A range of bytes")
struct ByteRangeTests {
    @Test(
        "is what RFC 9110 says of a file of ten bytes",
        arguments: [
            (nil, .whole), ("bytes=0-3", .part(0..<4)), ("bytes=4-", .part(4..<10)), ("bytes=9-9", .part(9..<10)), ("bytes=5-99", .part(5..<10)),
            ("bytes=-3", .part(7..<10)), ("bytes=-99", .part(0..<10)), ("BYTES=0-0", .part(0..<1)), ("bytes= 1 - 2 ", .part(1..<3)),
            ("bytes=10-", .unsatisfiable), ("bytes=99-100", .unsatisfiable), ("bytes=-0", .unsatisfiable),
            ("bytes=3-1", .whole), ("bytes=0-1,3-4", .whole), ("bytes=-", .whole), ("bytes=", .whole), ("bytes=a-b", .whole), ("lines=0-3", .whole),
            ("bytes=+1-2", .whole), ("bytes=1-2-3", .whole), ("bytes=0-9223372036854775807", .whole), ("bytes=١-٢", .whole),
        ] as [(String?, ByteRange)])
    func table(header: String?, range: ByteRange) {
        #expect(ByteRange(header, size: 10) == range)
    }
}
