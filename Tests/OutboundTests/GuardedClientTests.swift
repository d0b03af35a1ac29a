import Foundation
import Hummingbird
import NIOCore
import Outbound
import Testing

@Suite("A client for addresses that strangers name")
struct GuardedClientTests {
    private func allowing(_ port: Int) throws -> AddressGuard { AddressGuard(allowed: [try #require(HostPort("127.0.0.1:\(port)"))]) }

    private func url(_ port: Int, _ path: String = "/") throws -> URL { try #require(URL(string: "http://127.0.0.1:\(port)\(path)")) }

    @Test("posts, and reads no more of an answer than it should, though the answer has no end")
    func bounded() async throws {
        let router = Router(context: BasicRequestContext.self)
        router.post("/") { request, _ in
            let body = try await request.body.collect(upTo: 1024)
            let echo = ByteBuffer(string: "\(request.headers[.contentType] ?? "") \(String(buffer: body))")
            return Response(
                status: .accepted,
                body: ResponseBody { writer in
                    try await writer.write(echo)
                    while !Task.isCancelled { try await writer.write(ByteBuffer(repeating: 0x2E, count: 4096)) }
                })
        }
        try await LocalServer.serve(router) { port in
            let client = GuardedClient(addresses: try allowing(port), mostBytes: 10_000)
            let answer = try await client.post(try url(port), headers: ["Content-Type": "text/x-test"], body: Array("hello".utf8))
            #expect(answer.status == 202)
            #expect(answer.body.hasPrefix("text/x-test hello..."))
            #expect(answer.body.utf8.count == 10_000)
        }
    }

    @Test(
        "connects to the address that was checked, however the name is spelled",
        arguments: ["checked.invalid", "CHECKED.Invalid", "%63hecked.invalid"])
    func pinned(name: String) async throws {
        let router = Router(context: BasicRequestContext.self)
        router.post("/") { request, _ in request.head.authority ?? "" }
        try await LocalServer.serve(router) { port in
            let server = try #require(HostPort("checked.invalid:\(port)"))
            // Nobody else knows the name.
            let addresses = AddressGuard(allowed: [server]) { $0 == server ? [IPAddress("127.0.0.1")].compactMap(\.self) : [] }
            let url = try #require(URL(string: "http://\(name):\(port)/"))
            let answer = try await GuardedClient(addresses: addresses).post(url, headers: [:], body: [])
            #expect(answer.status == 200 && answer.body == "checked.invalid:\(port)")
        }
    }

    @Test("does not go where it is sent on to")
    func redirects() async throws {
        let router = Router(context: BasicRequestContext.self)
        router.post("/") { _, _ in Response(status: .temporaryRedirect, headers: [.location: "/secret"]) }
        router.post("/secret") { _, _ in "reached" }
        try await LocalServer.serve(router) { port in
            let answer = try await GuardedClient(addresses: try allowing(port)).post(try url(port), headers: [:], body: [])
            #expect(answer.status == 307)
            #expect(answer.body.isEmpty)
        }
    }

    @Test("gives up on an answer that does not come")
    func slow() async throws {
        let router = Router(context: BasicRequestContext.self)
        router.post("/") { _, _ in
            try await Task.sleep(for: .seconds(600))
            return "late"
        }
        try await LocalServer.serve(router) { port in
            let client = GuardedClient(addresses: try allowing(port), timeout: .seconds(2))
            await #expect(throws: (any Error).self) { try await client.post(try url(port), headers: [:], body: []) }
        }
    }

    @Test(
        "asks no private address, no other scheme, and nobody without TLS",
        arguments: [
            "https://127.0.0.1/", "https://localhost/", "https://[::1]/", "https://169.254.169.254/latest/meta-data/", "https://10.0.0.1:8443/",
            "http://example.org/", "ftp://example.org/", "file:///etc/passwd", "https://user:password@example.org/",
        ])
    func refused(address: String) async throws {
        let url = try #require(URL(string: address))
        let client = GuardedClient(addresses: AddressGuard(allowed: []))
        await #expect(throws: AddressRefused.self) { try await client.post(url, headers: [:], body: []) }
    }
}
