import NIOCore
import Testing

@testable import Documents

@Suite("A multipart form")
struct MultipartParserTests {
    /// What came, with the bytes of a part put together, however they were cut.
    enum Seen: Equatable {
        case began(String, String?, String?)
        case bytes([UInt8])
        case ended, finished
    }

    static func parse(_ text: String, by size: Int, boundary: String = "b") throws -> [Seen] {
        var parser = MultipartParser(boundary: boundary)
        var seen: [Seen] = []
        func drain() throws {
            while let event = try parser.next() {
                switch event {
                case .began(let name, let filename, let type): seen.append(.began(name, filename, type))
                case .bytes(let buffer):
                    let new = Array(buffer.readableBytesView)
                    if case .bytes(let known) = seen.last { seen[seen.count - 1] = .bytes(known + new) } else { seen.append(.bytes(new)) }
                case .ended: seen.append(.ended)
                case .finished: seen.append(.finished)
                }
            }
        }
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            parser.feed(ByteBuffer(bytes: rest.prefix(size)))
            rest = rest.dropFirst(size)
            try drain()
        }
        return seen
    }

    static let form =
        "preamble\r\n--b\r\nContent-Disposition: form-data; name=\"title\"\r\n\r\nEin Titel\r\n--b  \r\n"
        + "content-type: text/plain\r\ncontent-disposition: form-data; name=\"file\"; filename=\"a \\\"b\\\" %22c%22.txt\"\r\n\r\n"
        + "one\r\n--\r\n-b\r\n--c\r\n\r\n--b\r\nContent-Disposition: form-data; name=\"none\"\r\n\r\n\r\n--b--\r\nepilogue"

    static let seen: [Seen] = [
        .began("title", nil, nil), .bytes(Array("Ein Titel".utf8)), .ended,
        .began("file", "a \"b\" \"c\".txt", "text/plain"), .bytes(Array("one\r\n--\r\n-b\r\n--c\r\n".utf8)), .ended,
        .began("none", nil, nil), .ended, .finished,
    ]

    @Test("says the same however its bytes are cut", arguments: [1, 2, 3, 5, 7, 11, 64, 100_000])
    func cuts(size: Int) throws {
        #expect(try Self.parse(Self.form, by: size) == Self.seen)
    }

    @Test("of which the end is missing never finishes", arguments: [1, 100_000])
    func missingEnd(size: Int) throws {
        let seen = try Self.parse("--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\nbytes\r\n--", by: size)
        #expect(!seen.contains(.finished) && !seen.contains(.ended))
    }

    @Test("with an empty part that the delimiter follows at once has nothing in it")
    func emptyPart() throws {
        let seen = try Self.parse("--b\r\nContent-Disposition: form-data; name=\"x\"\r\n\r\n--b--", by: 1)
        #expect(seen == [.began("x", nil, nil), .ended, .finished])
    }

    @Test(
        "that is none is refused",
        arguments: [
            "--b\r\nContent-Disposition: form-data; name=\"x\"\r\nX: " + String(repeating: "x", count: 17_000),
            "--b\r\nContent-Type: text/plain\r\n\r\nno name\r\n--b--", "--b\r\nContent-Disposition: attachment; name=\"x\"\r\n\r\n\r\n--b--",
            "--b" + String(repeating: " ", count: 300),
        ])
    func malformed(text: String) {
        #expect(throws: MultipartParser.Failure.self) { try Self.parse(text, by: 1000) }
    }

    @Test("keeps the file in pieces, never whole")
    func bounded() throws {
        var parser = MultipartParser(boundary: "b")
        parser.feed(ByteBuffer(string: "--b\r\nContent-Disposition: form-data; name=\"f\"; filename=\"f\"\r\n\r\n"))
        _ = try parser.next()
        for _ in 0..<100 {
            parser.feed(ByteBuffer(repeating: 13, count: 10_000))
            guard case .bytes(let bytes) = try parser.next() else {
                Issue.record("no bytes")
                return
            }
            #expect(bytes.readableBytes >= 9_990)
            #expect(try parser.next() == nil)
        }
    }

    @Test(
        "has the boundary that its type says",
        arguments: [
            ("multipart/form-data; boundary=abc", "abc"), ("Multipart/Form-Data;charset=utf-8; Boundary=\"a b\"", "a b"),
            ("multipart/form-data", nil), ("multipart/form-data; boundary=", nil), ("application/json; boundary=abc", nil),
            ("multipart/form-data; boundary=" + String(repeating: "x", count: 71), nil),
        ] as [(String, String?)])
    func boundary(type: String, boundary: String?) {
        #expect(MultipartParser.boundary(of: type) == boundary)
    }
}
