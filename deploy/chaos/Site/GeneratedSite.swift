import ClientKit
import Synchronization

/// A provider's site made in memory: portions of listings, each with result pages of its own, in the shape that the reader of ImmoScout24 reads.
/// It remembers how often each listing was asked for.
final class GeneratedSite: Sendable {
    /// How far the scraper follows result pages.
    static let mostResultPages = 50

    private let portions: [Range<Int>]
    private let pause: Duration
    private let fetches: Mutex<[Int: Int]>

    /// - Parameter pause: how long it takes to answer with a listing, so that work lasts long enough to be interrupted.
    init(portions: [Range<Int>], pause: Duration) {
        self.portions = portions
        self.pause = pause
        fetches = Mutex([:])
    }

    /// Where the job for a portion begins.
    static func path(of portion: Int) -> String { "/portion/\(portion)/list?pagenumber=1" }

    /// How many listings of a portion have been asked for.
    func fetched(of portion: Int) -> Int { fetches.withLock { fetches in portions[portion].count { fetches[$0] != nil } } }

    /// Listings that were asked for, and those asked for more than once.
    var counts: (asked: Int, again: Int) { fetches.withLock { ($0.count, $0.values.count { $0 > 1 }) } }

    func page(_ path: String, _ query: String) async throws -> ProviderSite.Page? {
        let parts = path.split(separator: "/")
        if path == "/robots.txt" { return .init(type: "text/plain", bytes: Array("User-agent: *\nAllow: /\n".utf8)) }
        if parts.count == 3, parts[0] == "portion", parts[2] == "list", let portion = Int(parts[1]), portions.indices.contains(portion) {
            return json(results(portions[portion], page: query.firstMatch(of: /pagenumber=([0-9]+)/).flatMap { Int($0.1) } ?? 1))
        }
        guard parts.count == 2, parts[0] == "expose", let listing = GeneratedListing(id: parts[1]) else { return nil }
        fetches.withLock { $0[listing.number, default: 0] += 1 }
        try await Task.sleep(for: pause)
        return json(listing.page)
    }

    private func results(_ portion: Range<Int>, page: Int) -> String {
        let size = max(20, portion.count / (Self.mostResultPages - 1) + 1)
        let pages = max(1, (portion.count + size - 1) / size)
        let numbers = portion.dropFirst((page - 1) * size).prefix(size)
        let items = numbers.map { number in #"{"type":"EXPOSE_RESULT","item":{"id":"\#(GeneratedListing(number: number).id)"}}"# }
        return #"{"pageNumber":\#(page),"numberOfPages":\#(pages),"resultListItems":[\#(items.joined(separator: ","))]}"#
    }

    private func json(_ text: String) -> ProviderSite.Page { .init(type: "application/json", bytes: Array(text.utf8)) }
}
