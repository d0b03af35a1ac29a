import Foundation
import Postgres
import ServiceKit
import Testing

@testable import Scraper

@Suite("Pictures of listings")
struct ListingPicturesTests {
    private static let picture = Fixtures.packageRoot.appendingPathComponent("Tests/ScraperTests/Samples/room.png")
    private static let path = "/bilder/90010002-1.large.jpg"

    @Test("what a picture looks like is told with its listing; it is asked for once, however often its page is read, and so is one that is not there")
    func once() async throws {
        let site = SampleSite(pages: [Self.path: Self.picture])
        try await JobRunTests().bench(site) { bench, url in
            var bench = bench
            bench.mostPictures = 2
            for _ in 1...2 {
                _ = try await bench.create("wg_gesucht", url + "/wohnraum-in-Berlin.8.0.1.0.html")
                try await bench.run()
            }
            let hashes = try await bench.postgres.rows(
                """
                SELECT body::jsonb #> '{data,listing,image_hashes}' ->> 0 AS hash FROM outbox
                WHERE type = 'scraper.listing.read.v1' AND body::jsonb #>> '{data,listing,provider_listing_id}' = '90010002'
                """
            ).map { row -> String? in try row["hash"] }
            #expect(hashes.count == 2 && Set(hashes).count == 1)
            #expect(hashes.first??.wholeMatch(of: /[0-9a-f]{16}/) != nil)
            let pictures = site.requests.filter { $0.hasPrefix("/bilder/") }
            #expect(pictures.count == Set(pictures).count && pictures.count > 4)
            let missing = try await bench.postgres.transaction(as: ServiceCaller()) { tx in
                try await tx.value("SELECT count(*) FROM picture_hashes WHERE reason = 'http_status'", as: Int.self)
            }
            #expect(missing == pictures.count - 1)
            // What the fetcher decided stands in the job's journal.
            let told = try await bench.postgres.transaction(as: ServiceCaller()) { tx in
                try await tx.value(
                    "SELECT count(DISTINCT url) FROM fetches WHERE url LIKE '%/bilder/%' AND decision IN ('fetched', 'failed')", as: Int.self)
            }
            #expect(told == pictures.count)
        }
    }

    @Test("a picture that could not be had is asked for again a day later")
    func again() async throws {
        let site = SampleSite()
        try await JobRunTests().bench(site) { bench, url in
            var bench = bench
            bench.mostPictures = 1
            func run() async throws {
                _ = try await bench.create("wg_gesucht", url + "/wohnraum-in-Berlin.8.0.1.0.html")
                try await bench.run()
            }
            try await run()
            try await bench.postgres.transaction(as: ServiceCaller()) { tx in
                _ = try await tx.execute("UPDATE picture_hashes SET fetched_at = now() - interval '25 hours' WHERE url LIKE \("%" + Self.path)")
            }
            try await run()
            #expect(site.requests.count { $0 == Self.path } == 2)
        }
    }

    @Test(
        "only where the page's own site keeps its pictures",
        arguments: [
            ("https://img.wg-gesucht.de/a.jpg", "https://www.wg-gesucht.de/1.html", true),
            ("https://www.wg-gesucht.de/a.jpg", "https://www.wg-gesucht.de/1.html", true),
            ("https://cdnihddipa.cloudimg.io/v7/a.jpg", "https://immobilien.sparkasse.de/x", true),
            ("https://evil.example.com/a.jpg", "https://www.wg-gesucht.de/1.html", false),
            ("https://wg-gesucht.de.example.com/a.jpg", "https://www.wg-gesucht.de/1.html", false),
            ("http://127.0.0.1:9/a.jpg", "http://127.0.0.1:9/1.html", true),
            ("http://127.0.0.1:10/a.jpg", "http://127.0.0.1:9/1.html", false),
            ("ftp://www.wg-gesucht.de/a.jpg", "https://www.wg-gesucht.de/1.html", false),
            ("https://other.co.uk/a.jpg", "https://homes.co.uk/1.html", false),
        ])
    func own(picture: String, page: String, isOwn: Bool) throws {
        let (picture, page) = (try #require(URL(string: picture)), try #require(URL(string: page)))
        #expect(ListingPictures.isOwn(picture, of: page, SparkasseReader()) == isOwn)
    }
}
