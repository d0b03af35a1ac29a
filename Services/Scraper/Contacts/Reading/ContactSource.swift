import Foundation

/// Something that may name somebody to turn to: a page, a document, a picture.
struct ContactSource: Sendable {
    enum Kind: Sendable, Equatable {
        case html, text, pdf, image
    }

    var bytes: [UInt8]
    var mimeType: String?
    var url: URL?

    /// By its first bytes, as sites often name the wrong type; then by the type. Nil for what cannot be read.
    var kind: Kind? {
        if bytes.starts(with: "%PDF-".utf8) { return .pdf }
        if Self.pictures.contains(where: { bytes.starts(with: $0) }) { return .image }
        if bytes.count >= 12, bytes.starts(with: "RIFF".utf8), bytes[8..<12].elementsEqual("WEBP".utf8) { return .image }
        let type = mimeType?.prefix { $0 != ";" }.lowercased() ?? "text/html"
        switch type {
        case "text/html", "application/xhtml+xml": return .html
        case "application/pdf": return .pdf
        case _ where type.hasPrefix("image/"): return .image
        case _ where type.hasPrefix("text/"), "application/json", "application/ld+json": return .text
        default: return nil
        }
    }

    private static let pictures: [[UInt8]] = [
        [0x89, 0x50, 0x4E, 0x47], [0xFF, 0xD8, 0xFF], [0x49, 0x49, 0x2A, 0x00], [0x4D, 0x4D, 0x00, 0x2A],
    ]
}
