import Foundation

/// Turns a page's bytes into text: a byte order mark decides, then the HTTP header, then the page's own `meta`, then UTF-8.
enum PageText {
    static func decode(_ bytes: [UInt8], contentType: String?) -> String {
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { return String(decoding: bytes.dropFirst(3), as: UTF8.self) }
        guard let encoding = encoding(named: charset(in: contentType) ?? declared(in: bytes)) else {
            return String(decoding: bytes, as: UTF8.self)
        }
        return String(bytes: bytes, encoding: encoding) ?? String(decoding: bytes, as: UTF8.self)
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

    /// Nil for UTF-8 and for what is unknown. A page that says Latin-1 means Windows-1252, as in every browser.
    private static func encoding(named name: String?) -> String.Encoding? {
        switch name {
        case "iso-8859-1", "latin1", "us-ascii", "ascii", "windows-1252", "cp1252", "iso-8859-15": .windowsCP1252
        case "utf-16", "utf-16le": .utf16LittleEndian
        case "utf-16be": .utf16BigEndian
        default: nil
        }
    }
}
