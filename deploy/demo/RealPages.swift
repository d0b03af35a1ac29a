import ClientKit
import Foundation

/// The saved pages of real portals as a site: the two result pages as they were, and behind each link the one listing that was saved, under
/// that link's number. One exposé is the page with which the portal stops robots.
struct RealPages: Sendable {
    static let roomsPath = "/wg-zimmer-in-Duesseldorf.30.0.1.0.html"
    static let flatsPath = "/search/list?pagenumber=1"
    private static let walled = "168961770"

    private let folder: URL
    private let rooms: String
    private let flats: String
    private let suffix: String

    /// - Parameter run: digits put behind every number, so that the offers are new each time.
    init(folder: URL, run: String) throws {
        self.folder = folder
        suffix = String(run.suffix(4))
        let (roomsPage, flatsPage) = (try Self.text(folder, "wgGesucht.html"), try Self.text(folder, "immoscout_list.json"))
        let roomNumbers = Set(roomsPage.matches(of: /data-id="([0-9]+)"/).map { String($0.1) })
        let suffix = suffix
        rooms = roomNumbers.reduce(roomsPage) { $0.replacingOccurrences(of: $1, with: $1 + suffix) }
        flats = flatsPage.replacing(/"id": "([0-9]+)"/) { "\"id\": \"\($0.1)\(suffix)\"" }
    }

    func page(_ path: String) throws -> ProviderSite.Page? {
        if path == "/robots.txt" { return .init(type: "text/plain", bytes: Array("User-agent: *\nAllow: /\n".utf8)) }
        if path == Self.roomsPath { return html(rooms) }
        if path == "/search/list" { return json(flats) }
        if path == "/expose/\(Self.walled)\(suffix)" { return html(try Self.text(folder, "fh_IS24-response.html")) }
        if let number = path.wholeMatch(of: /\/expose\/([0-9]+)/)?.1 {
            return json(try Self.text(folder, "immoscout_detail.json").replacingOccurrences(of: "168963883", with: String(number)))
        }
        if let number = path.wholeMatch(of: /\/.*\.([0-9]+)\.html/)?.1 {
            return html(try Self.text(folder, "wgGesucht_detail.html").replacingOccurrences(of: "13793538", with: String(number)))
        }
        return nil
    }

    private func html(_ text: String) -> ProviderSite.Page { .init(type: "text/html; charset=utf-8", bytes: Array(text.utf8)) }
    private func json(_ text: String) -> ProviderSite.Page { .init(type: "application/json", bytes: Array(text.utf8)) }

    private static func text(_ folder: URL, _ name: String) throws -> String {
        guard let data = try? Data(contentsOf: folder.appendingPathComponent("listings/\(name)")) else {
            throw StepFailure("There is no \(folder.path)/listings/\(name); set HEARTH_REAL_DATA to the folder of the saved pages.")
        }
        return String(decoding: data, as: UTF8.self)
    }
}
