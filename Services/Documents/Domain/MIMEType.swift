import Foundation

/// What kind of bytes a file holds: as declared, or by its first bytes where those tell.
struct MIMEType: Equatable {
    var name: String

    static let unknown = MIMEType(name: "application/octet-stream")

    private init(name: String) { self.name = name }

    /// `type/subtype` without parameters; nil for anything else.
    init?(_ declared: String?) {
        guard let text = declared?.prefix(while: { $0 != ";" }).trimmingCharacters(in: .whitespaces).lowercased(),
            text.utf8.count <= 100, text.wholeMatch(of: /[a-z0-9!#$&^_.+-]+\/[a-z0-9!#$&^_.+-]+/) != nil
        else { return nil }
        name = text
    }

    private static let signatures: [(bytes: [UInt8], offset: Int, name: String)] = [
        (Array("%PDF-".utf8), 0, "application/pdf"),
        ([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A], 0, "image/png"),
        ([0xFF, 0xD8, 0xFF], 0, "image/jpeg"),
        (Array("GIF8".utf8), 0, "image/gif"),
        (Array("WEBP".utf8), 8, "image/webp"),
        ([0x49, 0x49, 0x2A, 0x00], 0, "image/tiff"),
        ([0x4D, 0x4D, 0x00, 0x2A], 0, "image/tiff"),
    ]

    /// What the first bytes tell; nil when they tell nothing.
    init?(head: [UInt8]) {
        let match = Self.signatures.first { head.dropFirst($0.offset).starts(with: $0.bytes) }
        guard let match, match.offset == 0 || head.starts(with: "RIFF".utf8) else { return nil }
        name = match.name
    }

    /// Whether the first bytes would tell this kind.
    var isRecognisable: Bool { Self.signatures.contains { $0.name == name } }
}
