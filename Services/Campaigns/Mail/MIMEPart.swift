import Foundation

/// A part of a mail: its header lines, an empty line, its content.
struct MIMEPart {
    let bytes: [UInt8]

    /// Text in whichever encoding suits it: as it is when short-lined ASCII, quoted-printable when mostly ASCII, base64 otherwise.
    init(text: String, type: String) {
        let content = Array(text.replacing("\r\n", with: "\n").replacing("\r", with: "\n").utf8)
        let foreign = content.count { $0 >= 0x80 }
        let encoding: String
        let encoded: [UInt8]
        if foreign * 3 > content.count {
            (encoding, encoded) = ("base64", Self.base64(Self.withLineEnds(content)))
        } else if foreign > 0 || !QuotedPrintable.isUnneeded(content) {
            (encoding, encoded) = ("quoted-printable", QuotedPrintable.encode(content))
        } else {
            (encoding, encoded) = ("7bit", Self.withLineEnds(content))
        }
        let head = "Content-Type: \(type); charset=utf-8\r\nContent-Transfer-Encoding: \(encoding)\r\n\r\n"
        bytes = Array(head.utf8) + encoded + Self.lineEnd
    }

    init(multipart kind: String, boundary: String, parts: [MIMEPart]) {
        var bytes = Array("Content-Type: multipart/\(kind);\r\n boundary=\"\(boundary)\"\r\n\r\n".utf8)
        for part in parts {
            bytes += Array("--\(boundary)\r\n".utf8)
            bytes += part.bytes
        }
        self.bytes = bytes + Array("--\(boundary)--\r\n".utf8)
    }

    init(attachment: MailAttachment) throws(MailError) {
        let type = attachment.contentType.split(separator: "/", omittingEmptySubsequences: false)
        guard type.count == 2, type.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy { HeaderText.isAtomCharacter($0) } }) else {
            throw .controlCharacter(header: "Content-Type")
        }
        guard attachment.filename.unicodeScalars.allSatisfy({ $0.properties.generalCategory != .control }) else {
            throw .controlCharacter(header: "Content-Disposition")
        }
        let head = """
            Content-Type: \(attachment.contentType)\r
            Content-Disposition: attachment;\r
             \(Self.filename(attachment.filename))\r
            Content-Transfer-Encoding: base64\r
            \r

            """
        bytes = Array(head.utf8) + Self.base64(attachment.content) + Self.lineEnd
    }

    private static let lineEnd = Array("\r\n".utf8)

    /// RFC 2231: UTF-8 in per cent form, so that any name fits.
    private static func filename(_ name: String) -> String {
        let encoded = name.utf8.prefix(150).map { byte in
            HeaderText.isAtomCharacter(byte) && !"*'%".utf8.contains(byte) || byte == UInt8(ascii: ".")
                ? String(UnicodeScalar(byte)) : "%" + String(byte >> 4, radix: 16, uppercase: true) + String(byte & 15, radix: 16, uppercase: true)
        }
        return "filename*=UTF-8''\(encoded.joined())"
    }

    private static func base64(_ bytes: [UInt8]) -> [UInt8] {
        Array(Data(bytes).base64EncodedData(options: [.lineLength76Characters, .endLineWithCarriageReturn, .endLineWithLineFeed]))
    }

    private static func withLineEnds(_ bytes: [UInt8]) -> [UInt8] {
        bytes.flatMap { $0 == UInt8(ascii: "\n") ? lineEnd : [$0] }
    }
}
