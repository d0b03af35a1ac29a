import Testing

@testable import Documents

@Suite("A kind of file")
struct MIMETypeTests {
    @Test(
        "is what was declared, without its parameters",
        arguments: [
            ("text/plain; charset=utf-8", "text/plain"), ("Image/PNG", "image/png"), ("", nil), ("text", nil), ("text/", nil), ("a/b/c", nil),
            ("text/pl ain", nil), ("text/plain\u{0}", nil), (nil, nil), ("text/" + String(repeating: "x", count: 100), nil),
        ] as [(String?, String?)])
    func declared(header: String?, name: String?) {
        #expect(MIMEType(header)?.name == name)
    }

    @Test("is told by the first bytes, where those tell")
    func told() {
        #expect(MIMEType(head: Array("%PDF-1.7".utf8))?.name == "application/pdf")
        #expect(MIMEType(head: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])?.name == "image/png")
        #expect(MIMEType(head: [0xFF, 0xD8, 0xFF, 0xE0])?.name == "image/jpeg")
        #expect(MIMEType(head: Array("RIFF____WEBPVP8 ".utf8))?.name == "image/webp")
        #expect(MIMEType(head: Array("ABCD____WEBPVP8 ".utf8)) == nil)
        #expect(MIMEType(head: Array("%PD".utf8)) == nil)
        #expect(MIMEType(head: []) == nil)
    }
}
