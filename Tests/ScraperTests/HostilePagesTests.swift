import Foundation
import Testing

@testable import Scraper

/// Pages that are made to cost their reader more than they cost their maker. One after the other, as the memory of the whole process is measured.
@Suite("A hostile page", .serialized)
struct HostilePagesTests {
    /// Patient: a debug build on a busy machine is no measure of time.
    private static let threads = ReadingThreads(name: "hearth.hostile-pages", limit: .seconds(600))

    @Test(
        "with huge attributes and tens of thousands of siblings is read or refused within bounds, by every reader",
        arguments: Readers.all.map(\.provider))
    func everyReader(provider: String) async throws {
        let reader = try #require(Readers.named(provider))
        let (id, classes) = (Self.repeated("i", 1_000_000), Self.repeated("c ", 500_000))
        let head = #"<div id="\#(id)" class="\#(classes)" data-x="\#(id)">"#
        let page = try Self.page(head + Self.repeated("<p></p>", 30_000) + "</div>")
        try await bounded {
            _ = try? reader.readResults(page)
            _ = try? reader.readListing(page)
        }
    }

    @Test("whose home has an id as long as a page, and a hundred thousand pictures, is read")
    func longWay() async throws {
        let id = Self.repeated("i", 1_000_000)
        let home = #"<div id="\#(id)" itemscope itemtype="https://schema.org/Apartment">"# + Self.facts
        let page = try Self.page(home + Self.repeated("<link itemprop=image href=a>", 100_000) + "</div>")
        let read = try await bounded { try SchemaOrgReader().readListing(page) }
        #expect(read.listing.rooms == 3 && read.listing.images == ["a"])
        let longest = try SchemaOrgItems(page.document()).all.map(\.place.path.utf8.count).max()
        #expect(longest == PagePlace.longest)
    }

    @Test("whose data stand under a name as long as a page is read")
    func longName() async throws {
        let (name, texts) = (Self.repeated("k", 1_000_000), Self.repeated(#""a","#, 100_000))
        let data = #"{"@type":"Apartment","name":"Drei Zimmer am Park","numberOfRooms":3,"\#(name)":[\#(texts)"a"]}"#
        let page = try Self.page(#"<script type="application/ld+json">\#(data)</script>"#)
        let read = try await bounded { try SchemaOrgReader().readListing(page) }
        #expect(read.listing.rooms == 3)
        let source = ContactSource(bytes: Array(data.utf8), mimeType: "application/json")
        let text = try await bounded { JSONNode(source.bytes)?.labelledTexts.joined(separator: "\n") ?? "" }
        #expect(text.utf8.count < 2 * 1_000_000)
    }

    @Test("with a hundred thousand items that are nothing is read")
    func manyItems() async throws {
        let home = #"<div itemscope itemtype="https://schema.org/Apartment">"# + Self.facts + "</div>"
        let page = try Self.page(home + Self.repeated("<div itemscope></div>", 100_000))
        let read = try await bounded { try SchemaOrgReader().readListing(page) }
        #expect(read.listing.rooms == 3)
    }

    @Test("that says everything inside of everything else is gathered once and no more than a few times, and its home is read all the same")
    func nestedProperties() async throws {
        let level = "<div itemprop=part itemscope>" + Self.repeated("<div itemprop=text>", 40)
        let home = #"<div itemscope itemtype="https://schema.org/Apartment">"# + Self.facts
        let page = try Self.page(home + Self.repeated(level, 10) + Self.repeated("lorem ", 80_000))
        let document = try page.document()
        var microdata = Microdata()
        let scope = try #require(document.first("[itemscope]"))
        let gathered = Self.bytes(of: microdata.item(scope).value)
        // Whole, it is said by four hundred properties.
        #expect(gathered > 480_000 && gathered <= Microdata.most)
        let read = try await bounded { try SchemaOrgReader().readListing(page) }
        #expect(read.listing.title == "Drei Zimmer am Park" && read.listing.rooms == 3)
    }

    private static let facts = "<h1 itemprop=name>Drei Zimmer am Park</h1><b itemprop=numberOfRooms>3</b>"

    private static func repeated(_ text: String, _ count: Int) -> String { String(repeating: text, count: count) }

    private static func page(_ html: String) throws -> FetchedPage { try Fixtures.page(Array(html.utf8), at: "http://127.0.0.1:9/x") }

    /// Texts alone.
    private static func bytes(of value: JSONValue) -> Int {
        switch value {
        case .string(let text): text.utf8.count
        case .array(let values): values.reduce(0) { $0 + bytes(of: $1) }
        case .object(let members): members.values.reduce(0) { $0 + bytes(of: $1) }
        case .null, .bool, .number: 0
        }
    }

    /// As pages are read: on threads. And without two gigabytes more than the process has had at its highest; other tests breathe meanwhile.
    private func bounded<Result: Sendable>(_ body: @escaping @Sendable () throws -> Result) async throws -> Result {
        let before = try Self.highestMemory()
        let result = try await Self.threads.run(body)
        let after = try Self.highestMemory()
        #expect(after - before < 2_000_000_000)
        return result
    }

    /// The most that this process has ever had in memory, in bytes.
    private static func highestMemory() throws -> Int {
        let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
        let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") })
        return try #require(Int(line.filter(\.isNumber))) * 1024
    }
}
