import ClientKit
import Foundation
import Testing

@testable import Chaos

struct GeneratedSiteTests {
    @Test(arguments: [7, 100, 12_345])
    func `the result pages of a portion name each of its listings once, on no more pages than a job follows`(count: Int) async throws {
        let site = GeneratedSite(portions: [0..<5, 5..<5 + count], pause: .zero)
        var named: [String] = []
        var pages = 1
        var page = 1
        while page <= pages {
            let answer = try #require(try await site.page("/portion/1/list", "pagenumber=\(page)"))
            let list = try JSONDecoder().decode(JSON.self, from: Data(answer.bytes))
            pages = try #require(list["numberOfPages"].int)
            named += list["resultListItems"].items.compactMap { $0["item"]["id"].string }
            page += 1
        }
        #expect(pages <= GeneratedSite.mostResultPages)
        #expect(named == (5..<5 + count).map { GeneratedListing(number: $0).id })
    }

    @Test func `it remembers what was asked for, and how often`() async throws {
        let site = GeneratedSite(portions: [0..<3], pause: .zero)
        for number in [0, 2, 2] { _ = try await site.page("/expose/\(GeneratedListing(number: number).id)", "") }
        #expect(site.fetched(of: 0) == 2)
        #expect(site.counts.asked == 2 && site.counts.again == 1)
        let unknown = try await site.page("/expose/1", "")
        #expect(unknown?.bytes == nil)
    }
}
