import Foundation

/// A page as it came: after redirects, content decoded, text not yet.
struct FetchedPage: Sendable {
    /// Where it was in the end.
    var url: URL
    var status: Int
    var contentType: String?
    var bytes: [UInt8]
    var fetchedAt: Date

    /// `text/html` of `text/html; charset=utf-8`, lower-case.
    var mimeType: String? {
        contentType?.split(separator: ";").first.map { $0.trimmingCharacters(in: .whitespaces).lowercased() }
    }

    /// The page as markup, unless it is the site's refusal.
    func document() throws(PageProblem) -> HTMLDocument {
        guard let document = HTMLDocument(PageText.decode(bytes, contentType: contentType)) else {
            throw PageProblem(.unreadable, "the page nests too deeply")
        }
        if BotWall.stands(in: document) { throw PageProblem(.botWall, "the site asks to prove that one is human") }
        return document
    }
}
