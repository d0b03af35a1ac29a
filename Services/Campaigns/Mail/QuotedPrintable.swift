/// Quoted-printable (RFC 2045): readable where the text is ASCII, lines of at most 76 characters.
enum QuotedPrintable {
    private static let lineLimit = 76
    private static let digits = Array("0123456789ABCDEF".utf8)

    /// `text` has LF line ends; the result has CRLF.
    static func encode(_ text: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(text.count + text.count / 8)
        var column = 0
        for (index, byte) in text.enumerated() {
            if byte == UInt8(ascii: "\n") {
                result += [0x0D, 0x0A]
                column = 0
                continue
            }
            let endsLine = index + 1 == text.count || text[index + 1] == UInt8(ascii: "\n")
            let written = encode(byte, endsLine: endsLine, startsLine: column == 0)
            if column + written.count > (endsLine ? lineLimit : lineLimit - 1) {
                result += [UInt8(ascii: "="), 0x0D, 0x0A]
                column = 0
            }
            result += written
            column += written.count
        }
        return result
    }

    /// True when the text can travel as it is: printable ASCII, short lines, nothing that a server on the way might alter.
    static func isUnneeded(_ text: [UInt8]) -> Bool {
        text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).allSatisfy { line in
            line.count <= lineLimit && line.allSatisfy { $0 >= 0x20 && $0 < 0x7F } && line.last != UInt8(ascii: " ")
                && !line.starts(with: "From ".utf8) && line.first != UInt8(ascii: ".")
        }
    }

    private static func encode(_ byte: UInt8, endsLine: Bool, startsLine: Bool) -> [UInt8] {
        let plain =
            switch byte {
            case UInt8(ascii: " "), UInt8(ascii: "\t"): !endsLine
            case UInt8(ascii: "="): false
            // A dot or an mbox "From " at the start of a line is what servers on the way rewrite.
            case UInt8(ascii: "."), UInt8(ascii: "F"): !startsLine
            default: byte > 0x20 && byte < 0x7F
            }
        return plain ? [byte] : [UInt8(ascii: "="), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
    }
}
