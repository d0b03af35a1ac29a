import Foundation
import Outbound
import Testing

@testable import Scraper

@Suite("A server that lies", .serialized)
struct LyingServerTests {
    private func settings(timeout: Duration = .seconds(30)) -> FetchSettings {
        var settings = FetchSettings(userAgent: "HearthTest/1.0")
        settings.mostBytes = 1_000_000
        settings.timeout = timeout
        settings.retries = 0
        settings.backoff = .milliseconds(5)
        return settings
    }

    private func fetcher(_ port: Int, timeout: Duration = .seconds(30)) -> Fetcher {
        Fetcher(settings(timeout: timeout), addresses: AddressGuard(allowed: Set([HostPort("127.0.0.1:\(port)")].compactMap(\.self))))
    }

    @Test("each lie is a recorded error, and the server is asked again afterwards", arguments: Lies.all)
    func lie(_ lie: Lies.Lie) async throws {
        try await LyingServer.serve(Lies.script) { server in
            let fetcher = fetcher(server.port, timeout: lie.reasons == [.timeout] ? .seconds(2) : .seconds(30))
            let journal = FetchJournal()
            let url = try #require(URL(string: "http://127.0.0.1:\(server.port)\(lie.path)"))
            let problem = await #expect(throws: PageProblem.self) { try await fetcher.fetch(url, journal: journal) }
            #expect(problem.map { lie.reasons.contains($0.reason) } == true, "\(lie.path) was recorded as \(String(describing: problem))")
            let last = journal.decisions.last
            #expect(last?.decision == .failed && last?.reason == problem?.reason.rawValue && last?.detail?.isEmpty == false)
            // Who asks to be left alone is.
            guard lie.path != "/come-back-in-a-year" else { return await fetcher.shutdown() }
            let honest = try await fetcher.fetch(#require(URL(string: "http://127.0.0.1:\(server.port)/honest")))
            #expect(String(decoding: honest.bytes, as: UTF8.self).contains("honest"))
            await fetcher.shutdown()
        }
    }

    @Test("memory stays bounded, however much a server sends")
    func memory() async throws {
        try await LyingServer.serve(Lies.script) { server in
            let fetcher = fetcher(server.port)
            let bombs = ["/gzip-bomb", "/brotli-bomb", "/endless-body", "/endless-chunks", "/endless-head", "/one-endless-header"]
            func throwAll() async {
                await withTaskGroup(of: Void.self) { group in
                    for bomb in bombs {
                        guard let url = URL(string: "http://127.0.0.1:\(server.port)\(bomb)") else { continue }
                        group.addTask { _ = try? await fetcher.fetch(url) }
                    }
                }
            }
            await throwAll()
            let before = try #require(Self.residentBytes())
            for _ in 0..<10 { await throwAll() }
            let after = try #require(Self.residentBytes())
            // Ten rounds unpack 2.5 GB and are sent without end; other tests of this process breathe meanwhile.
            print("memory after 60 bombs: \((after - before) / 1_000_000) MB more")
            #expect(after - before < 400_000_000)
            await fetcher.shutdown()
        }
    }

    @Test("a name that points inwards is never asked, first or after a redirect, whatever else it points to")
    func names() async throws {
        try await LyingServer.serve({ path in
            path == "/robots.txt" ? Lies.script(path) : [.say("HTTP/1.1 302 Found\r\nLocation: http://inside.example/\r\nContent-Length: 0\r\n\r\n")]
        }) { server in
            let outside = try #require(HostPort("127.0.0.1:\(server.port)"))
            let addresses = AddressGuard(allowed: [outside]) { name in
                name.host == "twofaced.example"
                    ? ["93.184.216.34", "127.0.0.1"].compactMap { IPAddress($0) } : ["127.0.0.1"].compactMap { IPAddress($0) }
            }
            let fetcher = Fetcher(settings(), addresses: addresses)
            for address in [
                "http://inside.example:\(server.port)/", "http://twofaced.example:\(server.port)/", "http://127.0.0.1:\(server.port)/redirects",
                "http://[::1]:\(server.port)/", "http://0.0.0.0:\(server.port)/", "http://[::ffff:127.0.0.1]:\(server.port)/",
            ] {
                let problem = await #expect(throws: PageProblem.self) { try await fetcher.fetch(#require(URL(string: address))) }
                #expect(problem?.reason == .network, "\(address)")
            }
            #expect(server.count("/") == 0)
            #expect(server.count("/redirects") == 1)
            await fetcher.shutdown()
        }
    }

    @Test(
        "a page in another character set than it says is unreadable, not wrongly read",
        arguments: ["klingon", "utf-8", "utf-16"])
    func charsets(name: String) throws {
        let bytes: [UInt8] =
            switch name {
            case "utf-8": Array("<html><body>".utf8) + Array(repeating: [0xFC, 0xDF, 0x20], count: 200).flatMap(\.self)
            case "utf-16": Array("<html><body>odd number of bytes</body></html>".utf8)
            default: Array("<html><body>Grüße</body></html>".utf8)
            }
        let page = try Fixtures.page(bytes, at: "http://127.0.0.1:9/x", type: "text/html; charset=\(name)")
        let problem = #expect(throws: PageProblem.self) { try KleinanzeigenReader().readListing(page) }
        #expect(problem?.reason == .unreadable)
    }

    @Test(
        "pages in the character sets of Europe are read as they are",
        arguments: ["iso-8859-1", "ISO-8859-15", "windows-1252", "windows-1250", "utf-8", "UTF8"])
    func knownCharsets(name: String) throws {
        let umlauts: [UInt8] =
            name.lowercased().hasPrefix("utf") ? Array("<p>Grüße</p>".utf8) : Array("<p>Gr".utf8) + [0xFC, 0xDF] + Array("e</p>".utf8)
        let page = try Fixtures.page(umlauts, at: "http://127.0.0.1:9/x", type: "text/html; charset=\(name)")
        #expect(try page.document().root?.text == "Grüße")
    }

    @Test("what a site packs comes unpacked", arguments: ["/honest-gzip", "/honest-brotli"])
    func packed(path: String) async throws {
        try await LyingServer.serve(Lies.script) { server in
            let fetcher = fetcher(server.port)
            let page = try await fetcher.fetch(#require(URL(string: "http://127.0.0.1:\(server.port)\(path)")))
            #expect(String(decoding: page.bytes, as: UTF8.self).contains("Guten Tag, Grüße aus Köln"))
            await fetcher.shutdown()
        }
    }

    @Test("brotli is unpacked")
    func brotli() throws {
        let bytes = [UInt8](Data(base64Encoded: Self.greeting) ?? Data())
        #expect(String(decoding: try Brotli.decode(bytes, limit: 1000), as: UTF8.self) == "Guten Tag, Grüße aus Köln")
        #expect(throws: PageProblem.self) { try Brotli.decode(bytes, limit: 10) }
    }

    static let greeting = "iw2AR3V0ZW4gVGFnLCBHcsO8w59lIGF1cyBLw7ZsbgM="

    private static func residentBytes() -> Int? {
        guard let text = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8) else { return nil }
        return text.split(separator: " ").dropFirst().first.flatMap { Int($0) }.map { $0 * 4096 }
    }
}
