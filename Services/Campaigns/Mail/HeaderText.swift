import Foundation

/// How text is written in a header: folded lines, quoted strings, encoded words (RFC 5322 and RFC 2047).
enum HeaderText {
    /// The longest encoded word, by RFC 2047.
    static let wordLimit = 75
    /// Where a line of plain text is folded, by RFC 5322.
    static let lineLimit = 78

    /// `column` is where the value begins on its line.
    static func unstructured(_ text: String, column: Int) -> String {
        guard isPlain(text), let folded = fold(text, column: column) else { return encodedWords(text, column: column) }
        return folded
    }

    static func mailbox(_ mailbox: Mailbox, column: Int) -> String {
        guard let name = mailbox.name else { return mailbox.address }
        let phrase = phrase(name, column: column)
        let lastLine = phrase.split(separator: "\r\n").last?.utf8.count ?? 0
        let fits = lastLine + mailbox.address.utf8.count + 3 + column <= lineLimit
        return "\(phrase)\(fits ? " " : "\r\n ")<\(mailbox.address)>"
    }

    /// `Sat, 21 Nov 2026 09:30:00 +0000`
    static func date(_ date: Date) -> String {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        let parts = calendar.dateComponents([.weekday, .day, .month, .year, .hour, .minute, .second], from: date)
        let weekday = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"][(parts.weekday ?? 1) - 1]
        let month = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"][(parts.month ?? 1) - 1]
        let clock = [parts.hour, parts.minute, parts.second].map { two($0 ?? 0) }.joined(separator: ":")
        return "\(weekday), \(two(parts.day ?? 1)) \(month) \(parts.year ?? 1970) \(clock) +0000"
    }

    /// A character of an atom (RFC 5322, `atext`).
    static func isAtomCharacter(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
        default: "!#$%&'*+-/=?^_`{|}~".utf8.contains(byte)
        }
    }

    /// Encoded words of whole characters, each at most 75 long, each on a line of its own.
    static func encodedWords(_ text: String, column: Int) -> String {
        let capacity = { (column: Int) in (wordLimit - "=?UTF-8?B??=".utf8.count - column) / 4 * 3 }
        var words: [[UInt8]] = [[]]
        var room = max(capacity(column), 4)
        for scalar in text.unicodeScalars {
            let bytes = Array(UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
            if words[words.count - 1].count + bytes.count > room {
                words.append([])
                room = capacity(1)
            }
            words[words.count - 1] += bytes
        }
        return words.map { "=?UTF-8?B?\(Data($0).base64EncodedString())?=" }.joined(separator: "\r\n ")
    }

    private static func phrase(_ name: String, column: Int) -> String {
        guard isPlain(name), name.utf8.count <= 60 else { return encodedWords(name, column: column) }
        if name.utf8.allSatisfy({ isAtomCharacter($0) || $0 == UInt8(ascii: " ") }) { return name }
        return "\"\(name.replacing("\\", with: "\\\\").replacing("\"", with: "\\\""))\""
    }

    /// Text that needs no encoding; what looks like an encoded word does, so that nobody can write one by hand.
    private static func isPlain(_ text: String) -> Bool {
        text.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F } && !text.contains("=?") && !text.hasPrefix(" ") && !text.hasSuffix(" ")
            && !text.contains("  ")
    }

    /// Folds at spaces; nil when a word alone is longer than a line.
    private static func fold(_ text: String, column: Int) -> String? {
        var result = ""
        var position = column
        for word in text.split(separator: " ") {
            guard word.utf8.count < lineLimit else { return nil }
            if result.isEmpty {
                position += word.utf8.count
            } else if position + 1 + word.utf8.count > lineLimit {
                result += "\r\n "
                position = 1 + word.utf8.count
            } else {
                result += " "
                position += 1 + word.utf8.count
            }
            result += word
        }
        return result
    }

    private static func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
