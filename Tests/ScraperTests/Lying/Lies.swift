import Foundation
import NIOCore

@testable import Scraper

/// Every way of this test's server to lie, with what must be recorded of it.
enum Lies {
    struct Lie: Sendable, CustomStringConvertible {
        var path: String
        var reasons: Set<PageProblem.Reason>
        var steps: [LyingServer.Step]
        var description: String { path }

        init(_ path: String, _ reasons: Set<PageProblem.Reason>, _ steps: [LyingServer.Step]) {
            self.path = path
            self.reasons = reasons
            self.steps = steps
        }
    }

    static let all: [Lie] = [
        Lie("/redirect-to-itself", [.httpStatus], [head("302 Found", ["Location: /redirect-to-itself"])]),
        Lie("/redirect-to-nothing", [.httpStatus, .network], [head("302 Found", ["Location: http://%"])]),
        Lie("/redirect-to-a-file", [.network], [head("302 Found", ["Location: file:///etc/passwd"])]),
        Lie("/redirect-inwards", [.network], [head("302 Found", ["Location: http://127.0.0.1:1/"])]),
        Lie("/redirect-to-metadata", [.network], [head("302 Found", ["Location: http://169.254.169.254/latest/meta-data/"])]),
        Lie("/says-nothing", [.timeout], []),
        Lie("/closes-at-once", [.network], [.close]),
        Lie("/slow-head", [.timeout], [.say("HTTP/1.1 200 OK\r\n"), .forever(ByteBuffer(string: "X-Slow: 1\r\n"), every: .milliseconds(200))]),
        Lie(
            "/slow-body", [.timeout],
            [head("200 OK", ["Content-Length: 100000"], close: false), .forever(ByteBuffer(string: "."), every: .milliseconds(100))]),
        Lie("/endless-body", [.tooLarge], [head("200 OK", ["Connection: close"], close: false), .forever(filler)]),
        Lie("/endless-chunks", [.tooLarge], [head("200 OK", ["Transfer-Encoding: chunked"], close: false), .forever(chunk)]),
        Lie(
            "/endless-head", [.network],
            [.say("HTTP/1.1 200 OK\r\n"), .forever(ByteBuffer(string: "X-Flood: \(String(repeating: "f", count: 900))\r\n"))]),
        Lie("/one-endless-header", [.network], [.say("HTTP/1.1 200 OK\r\nX-Flood: "), .forever(filler)]),
        Lie("/huge-by-its-own-word", [.tooLarge], [head("200 OK", ["Content-Length: 99999999999"], close: false)]),
        Lie("/shorter-than-it-says", [.network], [head("200 OK", ["Content-Length: 1000"], close: false), .say("only this"), .close]),
        Lie("/cut-in-a-chunk", [.network], [head("200 OK", ["Transfer-Encoding: chunked"], close: false), .say("40\r\nonly this"), .close]),
        Lie("/chunks-of-no-size", [.network], [head("200 OK", ["Transfer-Encoding: chunked"], close: false), .say("zz\r\nx\r\n"), .close]),
        Lie("/no-http", [.network], [.say("SSH-2.0-OpenSSH_9.2\r\n"), .close]),
        Lie("/two-lengths", [.network], [head("200 OK", ["Content-Length: 2", "Content-Length: 5"], close: false), .say("hello"), .close]),
        Lie("/gzip-bomb", [.tooLarge], [body(gzip(of: 200), "gzip")]),
        Lie("/gzip-cut", [.network], [body(Array(gzip(of: 1).prefix(300)), "gzip")]),
        Lie("/gzip-that-is-none", [.network], [body(Array("<html>plain</html>".utf8), "gzip")]),
        Lie("/brotli-bomb", [.tooLarge], [body(brotliBomb, "br")]),
        Lie("/brotli-cut", [.network], [body(Array(brotliBomb.prefix(12)), "br")]),
        Lie("/brotli-that-is-none", [.network], [body([0xFF, 0xFF, 0xFF, 0xFF], "br")]),
        Lie("/come-back-in-a-year", [.httpStatus], [head("429 Too Many Requests", ["Retry-After: 31536000", "Content-Length: 0"])]),
        Lie("/status-of-its-own", [.httpStatus, .network], [head("999 Nobody", ["Content-Length: 0"])]),
    ]

    static func script(_ path: String) -> [LyingServer.Step] {
        if path == "/robots.txt" { return [head("404 Not Found", ["Content-Length: 0"])] }
        if path == "/honest" { return [body(Array("<html><body>honest</body></html>".utf8), nil)] }
        if path == "/honest-gzip" { return [body([UInt8](Data(base64Encoded: packed) ?? Data()), "gzip")] }
        if path == "/honest-brotli" { return [body([UInt8](Data(base64Encoded: LyingServerTests.greeting) ?? Data()), "br")] }
        return all.first { $0.path == path }?.steps ?? [head("404 Not Found", ["Content-Length: 0"])]
    }

    private static let packed = "H4sIAAAAAAACA7PJKMnNsbNJyk+ptHMvLUnNUwhJTNdRcC86vOfw/FSFxNJiBe/D23LybPTBSmz0weoBsKP+gjYAAAA="
    private static let filler = ByteBuffer(repeating: UInt8(ascii: "x"), count: 64 * 1024)
    private static let chunk = ByteBuffer(string: "10000\r\n" + String(repeating: "x", count: 0x10000) + "\r\n")

    private static func head(_ status: String, _ headers: [String], close: Bool = true) -> LyingServer.Step {
        let lines = ["HTTP/1.1 \(status)"] + headers + (close && !headers.contains { $0.hasPrefix("Content-Length") } ? ["Content-Length: 0"] : [])
        return .send(ByteBuffer(string: lines.joined(separator: "\r\n") + "\r\n\r\n"))
    }

    private static func body(_ bytes: [UInt8], _ encoding: String?) -> LyingServer.Step {
        let headers = ["Content-Type: text/html", "Content-Length: \(bytes.count)"] + (encoding.map { ["Content-Encoding: \($0)"] } ?? [])
        return .send(ByteBuffer(string: "HTTP/1.1 200 OK\r\n" + headers.joined(separator: "\r\n") + "\r\n\r\n") + bytes)
    }

    /// So many megabytes of nothing, in a thousandth of that.
    private static func gzip(of megabytes: Int) -> [UInt8] {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-c", "head -c \(megabytes)000000 /dev/zero | gzip -c"]
        let pipe = Pipe()
        process.standardOutput = pipe
        guard (try? process.run()) != nil else { return [] }
        let bytes = [UInt8](pipe.fileHandleForReading.readDataToEndOfFile())
        process.waitUntilExit()
        return bytes
    }

    /// 50,000,000 bytes in 80.
    private static let brotliBomb = [UInt8](
        Data(base64Encoded: "y///PwAk8OKxQHLv//j//weABEAcFoDu/R////8AkACIwwLQvf/j//8fABIAcVgAuvd//P//A0ACIA4LQPf+L//g9QBIAMRhAeig6wE=") ?? Data())
}

extension ByteBuffer {
    static func + (buffer: ByteBuffer, bytes: [UInt8]) -> ByteBuffer {
        var whole = buffer
        whole.writeBytes(bytes)
        return whole
    }
}
