import ClientKit
import Foundation

/// One provider's site with what is looked for on it.
struct Tour: Sendable {
    var page: @Sendable (_ path: String) throws -> ProviderSite.Page?
    var resultPages: [(provider: String, path: String)]
    var wishes: JSON

    func site(port: Int) -> ProviderSite { ProviderSite(port: port) { path, _ in try page(path) } }

    /// The small site that Hearth brings along.
    static func samplePages(_ folder: URL, run: String) throws -> Tour {
        guard FileManager.default.fileExists(atPath: folder.appendingPathComponent("robots.txt").path) else {
            throw StepFailure("\(folder.path) is not a site: it has no robots.txt.")
        }
        let pages = SamplePages(folder: folder, run: run)
        return Tour(
            page: pages.page,
            resultPages: [("wg_gesucht", "/wohnraum-in-Berlin.8.0.1.0.html"), ("immoscout", "/search/list?pagenumber=1")],
            wishes: [
                "name": "Zwei Zimmer in Berlin", "preferred_cities": ["Berlin"], "property_types": ["apartment"], "min_rooms": 2, "max_rooms": 3,
                "max_rent_netto": 1000, "search_frequency": "immediate",
            ])
    }

    /// Saved pages of real portals.
    static func realPages(_ folder: URL?, run: String) throws -> Tour {
        guard let folder else { throw StepFailure("HEARTH_REAL_DATA names no folder with saved pages.") }
        let pages = try RealPages(folder: folder, run: run)
        return Tour(
            page: pages.page, resultPages: [("wg_gesucht", RealPages.roomsPath), ("immoscout", RealPages.flatsPath)],
            wishes: [
                "name": "Wohnen in Düsseldorf", "preferred_cities": ["Düsseldorf"], "property_types": ["room", "apartment"], "max_rent_netto": 2400,
                "search_frequency": "immediate",
            ])
    }
}
