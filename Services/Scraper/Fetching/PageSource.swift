import Files
import Foundation
import NIOCore

/// Pages as jobs get them: the site is asked only whether its page still holds, where it gave something to ask by and the page is still here.
struct PageSource: Sendable {
    let fetches: FetchStore
    let files: any FileStore
    let fetcher: Fetcher

    func fetch(_ address: String, _ journal: FetchJournal) async throws -> FetchedPage {
        try Task.checkCancellation()
        guard let url = URL(string: address) else { throw PageProblem(.unreadable, "the address is none") }
        guard let copy = try await fetches.copy(of: address), try await files.exists(copy.storagePath) else {
            return try await fetcher.fetch(url, journal: journal)
        }
        var fetched = try await fetcher.fetch(url, unless: copy.validators, journal: journal)
        guard fetched.status == 304 else { return fetched }
        fetched.status = 200
        fetched.contentType = copy.contentType
        fetched.etag = fetched.etag ?? copy.validators.etag
        fetched.lastModified = fetched.lastModified ?? copy.validators.lastModified
        for try await chunk in try await files.get(copy.storagePath, range: nil) { fetched.bytes.append(contentsOf: chunk.readableBytesView) }
        return fetched
    }

    /// Stores a page, and lets it be named in the same breath. Stored again where a collector took the same bytes away just then.
    func store<Named: Sendable>(_ page: FetchedPage, _ name: (StoredFile) async throws -> Named) async throws -> Named {
        let file = try await files.put(ByteBuffer(bytes: page.bytes))
        let named = try await name(file)
        if !file.isNew, try await !files.exists(file.path) { _ = try await files.put(ByteBuffer(bytes: page.bytes)) }
        return named
    }
}
