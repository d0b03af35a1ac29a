import Foundation

@testable import Scraper

/// A real page and what somebody who looked at it wrote down.
struct LabelledPage: Decodable {
    enum Kind: String, Decodable {
        case listing, results, refusal
    }

    var provider: String
    var file: String
    var url: String
    var type: String
    var kind: Kind
    /// Of a listing.
    var fields: [String: JSONValue]?
    /// Of a result page: its entries, whether another page follows, and some of the entries by id.
    var count: Int?
    var next: Bool?
    var cards: [String: [String: JSONValue]]?
    /// Of a refusal.
    var reason: String?

    static func all() throws -> [LabelledPage] {
        struct File: Decodable {
            var pages: [LabelledPage]
        }
        let file = Fixtures.packageRoot.appendingPathComponent("Tests/ScraperTests/Labels/pages.json")
        return try JSONDecoder().decode(File.self, from: Data(contentsOf: file)).pages
    }
}
