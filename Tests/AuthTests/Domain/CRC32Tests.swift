import Testing

@testable import Auth

@Suite struct CRC32Tests {
    @Test func `The checksum is that of the standard, in one piece or in several`() {
        var whole = CRC32()
        whole.add(Array("123456789".utf8))
        #expect(whole.value == 0xCBF4_3926)
        var first = CRC32()
        first.add(Array("1234".utf8))
        var second = CRC32(first.value)
        second.add(Array("56789".utf8))
        #expect(second.value == 0xCBF4_3926)
        #expect(CRC32().value == 0)
    }
}
