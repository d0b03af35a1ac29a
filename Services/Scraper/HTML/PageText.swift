import Foundation

/// Turns a page's bytes into text: a byte order mark decides, then the HTTP header, then the page's own `meta`, then UTF-8.
enum PageText {
    /// - Throws: ``PageProblem`` for a character set that nobody knows, and for a page that is not in the one that it names.
    static func decode(_ bytes: [UInt8], contentType: String?) throws(PageProblem) -> String {
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { return String(decoding: bytes.dropFirst(3), as: UTF8.self) }
        let name = charset(in: contentType) ?? declared(in: bytes) ?? "utf-8"
        guard let (text, broken) = Charset.decode(bytes, as: name) else {
            throw PageProblem(.unreadable, "the page names a character set that nobody knows: \(name.prefix(40))")
        }
        // A slip in one advertiser's text is no reason to refuse the page.
        guard broken < 3 || broken * 100 < text.unicodeScalars.count else {
            throw PageProblem(.unreadable, "the page is not in the character set that it names: \(name.prefix(40))")
        }
        return text
    }

    /// The `charset` parameter of a content type, lower-case.
    static func charset(in contentType: String?) -> String? {
        guard let contentType else { return nil }
        for parameter in contentType.split(separator: ";").dropFirst() {
            let parts = parameter.split(separator: "=", maxSplits: 1).map { $0.trimmingCharacters(in: .whitespaces.union(["\"", "'"])) }
            if parts.count == 2, parts[0].lowercased() == "charset" { return parts[1].lowercased() }
        }
        return nil
    }

    /// Only the first 1,024 bytes may declare an encoding (HTML, "determining the character encoding").
    private static func declared(in bytes: [UInt8]) -> String? {
        guard let head = HTMLDocument(String(decoding: bytes.prefix(1024), as: UTF8.self)) else { return nil }
        if let charset = head.first("meta[charset]")?["charset"] { return charset.lowercased() }
        let meta = head.all("meta[http-equiv]").first { $0["http-equiv"]?.lowercased() == "content-type" }
        return charset(in: meta?["content"])
    }
}
