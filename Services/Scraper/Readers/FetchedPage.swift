import Foundation

/// A page as it came: after redirects, content decoded, text not yet.
struct FetchedPage: Sendable {
    /// Where it was in the end.
    var url: URL
    var status: Int
    var contentType: String?
    var bytes: [UInt8]
    var fetchedAt: Date
    /// What the site said to ask whether the page still holds.
    var etag: String?
    var lastModified: String?

    /// What the answer's head said of it.
    var tags: [String: String] {
        ["content_type": contentType, "status": String(status), "etag": etag, "last_modified": lastModified].compactMapValues(\.self)
    }

    /// `text/html` of `text/html; charset=utf-8`, lower-case.
    var mimeType: String? {
        contentType?.split(separator: ";").first.map { $0.trimmingCharacters(in: .whitespaces).lowercased() }
    }

    /// Its address, as the place that a field came from.
    var place: PagePlace { PagePlace(method: .address, path: url.path()) }

    /// The answer as JSON. A site that answers JSON to its own application answers markup to what it refuses.
    func json(of what: String) throws(PageProblem) -> JSONNode {
        if let node = JSONNode(bytes) { return node }
        if bytes.first(where: { $0 != 0x20 && !(0x09...0x0D).contains($0) }) == UInt8(ascii: "<") { _ = try document() }
        throw PageProblem(.unreadable, "the answer is not the JSON of \(what)")
    }

    /// The page as markup, unless it is the site's refusal.
    func document() throws(PageProblem) -> HTMLDocument {
        guard let document = HTMLDocument(try PageText.decode(bytes, contentType: contentType)) else {
            throw PageProblem(.unreadable, "the page nests too deeply")
        }
        if BotWall.stands(in: document) { throw PageProblem(.botWall, "the site asks to prove that one is human") }
        return document
    }
}
