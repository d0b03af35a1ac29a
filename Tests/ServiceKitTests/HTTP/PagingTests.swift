import Foundation
import Hummingbird
import NIOCore
import Testing

@testable import ServiceKit

struct PagingTests {
    struct Key: Codable, Equatable {
        var at: Date
        var id: UUID
    }

    private func request(_ path: String) -> Request {
        Request(head: .init(method: .get, scheme: "http", authority: "test", path: path), body: .init(buffer: ByteBuffer()))
    }

    @Test func theCursorOfAFullPageLeadsBehindItsLastItem() throws {
        let page = Page(Array(1...11), limit: 10) { $0 }
        #expect(page.items == Array(1...10))
        let cursor = try #require(page.nextCursor)
        #expect(try PageRequest<Int>(request("/things?limit=10&cursor=\(cursor)")).after == 10)
    }

    @Test func theLastPageHasNoCursorAndSaysSo() throws {
        let page = Page(Array(1...10), limit: 10) { $0 }
        #expect(page.nextCursor == nil)
        #expect(String(decoding: try JSONEncoder().encode(page), as: UTF8.self).contains(#""next_cursor":null"#))
    }

    @Test func aCursorKeepsMicroseconds() throws {
        let key = Key(at: Date(timeIntervalSince1970: 1_795_000_000.123456), id: UUID())
        let page = Page([1, 2], limit: 1) { _ in key }
        let after = try #require(try PageRequest<Key>(request("/?cursor=\(page.nextCursor ?? "")")).after)
        #expect(abs(after.at.timeIntervalSince(key.at)) < 0.000_000_5)
        #expect(after.id == key.id)
    }

    @Test(arguments: ["x", "e30", "AAAA", "%00", "====", String(repeating: "W1tbW1tb", count: 100), String(repeating: "A", count: 5000), "e30="])
    func aForgedCursorIs422(_ cursor: String) throws {
        let error = #expect(throws: APIError.self) { try PageRequest<Key>(request("/?cursor=\(cursor)")) }
        #expect(error?.status == .unprocessableContent)
        #expect(error?.errors.first?.pointer == "query/cursor")
    }

    @Test(arguments: ["0", "101", "-1", "ten", "", "9999999999999999999"])
    func aLimitOutOfRangeIs422(_ limit: String) {
        let error = #expect(throws: APIError.self) { try PageRequest<Int>(request("/?limit=\(limit)")) }
        #expect(error?.errors.first?.pointer == "query/limit")
    }

    @Test func withoutParametersAPageHasFiftyFromTheStart() throws {
        let page = try PageRequest<Int>(request("/"))
        #expect(page.limit == 50)
        #expect(page.after == nil)
    }

    @Test func queryParametersAreDecodedAndTyped() throws {
        let request = request("/?city=K%C3%B6ln+Deutz&city=Bonn&on=true&at=2026-11-21T09:30:00Z&n=4&id=x&bad=%ff&nul=a%00b")
        #expect(try request.queries("city", as: String.self) == ["Köln Deutz", "Bonn"])
        #expect(try request.query("on", as: Bool.self) == true)
        #expect(try request.query("n", as: Int.self) == 4)
        #expect(try request.query("at", as: Date.self) == Date(timeIntervalSince1970: 1_795_253_400))
        #expect(try request.query("none", as: Int.self) == nil)
        #expect(throws: APIError.self) { try request.query("id", as: UUID.self) }
        #expect(throws: APIError.self) { try request.query("city", as: String.self) }
        #expect(throws: APIError.self) { try request.query("bad", as: String.self) }
        #expect(throws: APIError.self) { try request.query("nul", as: String.self) }
    }
}
