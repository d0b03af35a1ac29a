import Foundation

/// A server's last word: a code of three digits and its text.
struct SMTPReply: Sendable, Equatable {
    var code: Int
    var text: String

    /// Reads a line such as `250 2.0.0 Ok: queued as 4F2A`; nil for a line that another one follows (`250-SIZE`).
    init?(line: String) {
        guard line.count >= 3, let code = Int(line.prefix(3)), line.dropFirst(3).first != "-" else { return nil }
        self.code = code
        text = String(line.dropFirst(4).prefix(500))
    }

    /// The relay's own name for the mail, where it tells one.
    var queueID: String? {
        text.range(of: "queued as ", options: .caseInsensitive).map { String(text[$0.upperBound...].prefix { !$0.isWhitespace }.prefix(255)) }
    }

    var description: String { "\(code) \(text)" }
}
