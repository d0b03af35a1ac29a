import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import Outbound
import Synchronization

@testable import Scraper

/// A folder served as a provider's site: a path is a file, with or without its extension. Remembers what it was asked.
final class SampleSite: Sendable {
    private let folder: URL
    private let pages: [String: URL]
    private let delay: Duration
    private let asked = Mutex<[String]>([])

    /// - Parameter pages: files for paths that the folder does not have.
    init(_ folder: URL = Fixtures.site, pages: [String: URL] = [:], delay: Duration = .zero) {
        self.folder = folder
        self.pages = pages
        self.delay = delay
    }

    var requests: [String] { asked.withLock { $0 } }

    func serve(_ body: @escaping @Sendable (_ url: String, _ server: HostPort) async throws -> Void) async throws {
        let router = Router(context: BasicRequestContext.self)
        router.get("**") { request, _ in try await self.answer(request.uri.path) }
        try await SiteServer.serve(router) { port in
            guard let server = HostPort("127.0.0.1:\(port)") else { return }
            try await body("http://127.0.0.1:\(port)", server)
        }
    }

    private func answer(_ path: String) async throws -> Response {
        asked.withLock { $0.append(path) }
        if delay > .zero { try await Task.sleep(for: delay) }
        let name = String(path.dropFirst())
        let candidates = [pages[path]] + ["", ".html", ".json"].map { folder.appendingPathComponent(name + $0) }
        var isFolder: ObjCBool = false
        let found = candidates.compactMap(\.self).first {
            FileManager.default.fileExists(atPath: $0.path, isDirectory: &isFolder) && !isFolder.boolValue
        }
        guard let found, !path.contains("..") else { return Response(status: .notFound) }
        let types = ["html": "text/html; charset=utf-8", "json": "application/json", "txt": "text/plain"]
        return Response(
            status: .ok, headers: [.contentType: types[found.pathExtension] ?? "application/octet-stream"],
            body: .init(byteBuffer: ByteBuffer(bytes: try Data(contentsOf: found))))
    }
}

extension ScrapingJob {
    /// Found, read, failed.
    var counts: [Int] { [totalItems, processedItems, failedItems] }
}
