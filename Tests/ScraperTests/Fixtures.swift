import Foundation
import Testing

@testable import Scraper

/// The sample site that ships with the demo, and real pages that stay outside of the repository.
enum Fixtures {
    static let packageRoot = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    static let site = packageRoot.appendingPathComponent("deploy/demo/Site")

    /// Real pages: the folder named by HEARTH_REAL_DATA, or `../shared/data` beside the package.
    static let realData: URL? = {
        let named = ProcessInfo.processInfo.environment["HEARTH_REAL_DATA"].map { URL(fileURLWithPath: $0) }
        let folder = (named ?? packageRoot.appendingPathComponent("../shared/data")).appendingPathComponent("listings")
        return FileManager.default.fileExists(atPath: folder.path) ? folder : nil
    }()

    static func page(_ file: URL, at url: String, type: String? = "text/html") throws -> FetchedPage {
        try page([UInt8](Data(contentsOf: file)), at: url, type: type)
    }

    static func page(_ bytes: [UInt8], at url: String, type: String? = "text/html") throws -> FetchedPage {
        FetchedPage(
            url: try #require(URL(string: url)), status: 200, contentType: type, bytes: bytes,
            fetchedAt: Date(timeIntervalSince1970: 1_790_000_000)
        )
    }

    static func realPage(_ name: String, at url: String, type: String? = "text/html") throws -> FetchedPage {
        try page(#require(realData).appendingPathComponent(name), at: url, type: type)
    }
}

extension Trait where Self == ConditionTrait {
    /// Tests on real pages are skipped, and say so, where there are none.
    static var onRealData: Self {
        .enabled(if: Fixtures.realData != nil, "there are no real pages here: set HEARTH_REAL_DATA to the folder that holds listings/")
    }
}
