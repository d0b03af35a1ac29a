import Foundation

/// An e-mail address as it is stored and compared: trimmed and in lower case.
struct EmailAddress: Codable, Sendable, Hashable {
    var text: String

    init(_ text: String) { self.text = text.trimmingCharacters(in: .whitespaces).lowercased() }

    init(from decoder: any Decoder) throws { self.init(try decoder.singleValueContainer().decode(String.self)) }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }

    /// The floor that the platform sets for an address; whether a person reads it, only a mail can tell.
    var isValid: Bool {
        let parts = text.split(separator: "@", omittingEmptySubsequences: false)
        guard text.utf8.count <= 254, parts.count == 2, (1...64).contains(parts[0].utf8.count) else { return false }
        let labels = parts[1].split(separator: ".", omittingEmptySubsequences: false)
        let local = parts[0].unicodeScalars.allSatisfy { Self.letters.contains($0) || "._%+-".unicodeScalars.contains($0) }
        let domain = labels.allSatisfy { label in
            (1...63).contains(label.utf8.count) && label.unicodeScalars.allSatisfy { Self.letters.contains($0) || $0 == "-" }
        }
        guard local, domain, labels.count >= 2, let last = labels.last else { return false }
        return last.count >= 2 && last.unicodeScalars.allSatisfy { ("a"..."z").contains($0) }
    }

    private static let letters = CharacterSet(charactersIn: "abcdefghijklmnopqrstuvwxyz0123456789")
}
