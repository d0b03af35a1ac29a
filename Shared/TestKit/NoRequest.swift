import Testing

/// Bytes that no HTTP server should take for a request.
public struct NoRequest: Sendable, CustomTestStringConvertible {
    public var testDescription: String
    public var text: String

    private init(_ name: String, _ text: String) {
        testDescription = name
        self.text = text
    }

    private init(_ name: String, post headers: String, _ body: String = "") {
        self.init(name, "POST /v1/auth/login HTTP/1.1\r\nHost: hearth\r\nContent-Type: application/json\r\n\(headers)\r\n\r\n\(body)")
    }

    private static func get(_ target: String, headers: String = "") -> String { "GET \(target) HTTP/1.1\r\nHost: hearth\r\n\(headers)\r\n" }

    public static let all = [
        NoRequest("NUL in a header", get("/v1/listings", headers: "X-Bad: a\u{0}b\r\n")), NoRequest("NUL in the address", get("/v1/listings\u{0}")),
        NoRequest("a header without a name", get("/v1/listings", headers: ": nobody\r\n")), NoRequest("one word", "HELLO\r\n\r\n"),
        NoRequest("a version to come", "GET /v1/listings HTTP/9.9\r\nHost: hearth\r\n\r\n"), NoRequest("TLS", "\u{16}\u{3}\u{1}\u{2}\r\n\r\n"),
        NoRequest("a negative length", post: "Content-Length: -1"), NoRequest("two lengths", post: "Content-Length: 2\r\nContent-Length: 3", "{}"),
        NoRequest("a length and chunks", post: "Content-Length: 5\r\nTransfer-Encoding: chunked", "0\r\n\r\n"),
        NoRequest("100 KB of header", get("/v1/listings", headers: "X-Big: \(String(repeating: "a", count: 100_000))\r\n")),
        NoRequest("200 KB of address", get("/v1/listings?x=\(String(repeating: "a", count: 200_000))")),
    ]

    /// What is one as far as the server can tell, until its body comes.
    public static let brokenChunks = NoRequest("chunks that are none", post: "Transfer-Encoding: chunked", "zz\r\n{}\r\n")
    /// What a gateway refuses, which has no names and is no proxy for others.
    public static let forGateways = [
        NoRequest("no host", "GET /v1/listings HTTP/1.1\r\n\r\n"), NoRequest("half a percent sign", get("/v1/%zz")),
        NoRequest("TRACE", "TRACE /v1/listings HTTP/1.1\r\nHost: hearth\r\n\r\n"),
        NoRequest("CONNECT", "CONNECT elsewhere.example:443 HTTP/1.1\r\nHost: hearth\r\n\r\n"),
    ]
}
