import Foundation

/// One address with the name shown beside it.
///
/// A domain outside ASCII becomes its A-label (`müller.de` → `xn--mller-kva.de`). A local part outside ASCII is refused: only a chain of
/// servers that all speak SMTPUTF8 could carry it, and none tells in advance.
struct Mailbox: Sendable, Hashable {
    let name: String?
    let localPart: String
    let domain: String

    var address: String { "\(localPart)@\(domain)" }

    init(name: String? = nil, address: String) throws(MailError) {
        guard address.utf8.count <= 254, let at = address.lastIndex(of: "@") else { throw .invalidAddress(address) }
        let local = String(address[..<at])
        guard Self.isDotAtom(local), local.utf8.count <= 64, let domain = Self.asciiDomain(address[address.index(after: at)...]) else {
            throw .invalidAddress(address)
        }
        self.localPart = local
        self.domain = domain
        self.name = name.flatMap { $0.isEmpty ? nil : $0 }
    }

    /// Reads `Name <a@b>`, `"Name" <a@b>` or `a@b`.
    init(parsing text: String) throws(MailError) {
        let trimmed = text.trimmingCharacters(in: .whitespaces)
        guard trimmed.hasSuffix(">"), let open = trimmed.lastIndex(of: "<") else {
            try self.init(address: trimmed)
            return
        }
        let name = trimmed[..<open].trimmingCharacters(in: .whitespaces)
        let unquoted = name.count > 1 && name.hasPrefix("\"") && name.hasSuffix("\"") ? String(name.dropFirst().dropLast()) : name
        try self.init(name: unquoted, address: String(trimmed[trimmed.index(after: open)...].dropLast()))
    }

    private static func isDotAtom(_ text: String) -> Bool {
        text.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { part in
            !part.isEmpty && part.utf8.allSatisfy { HeaderText.isAtomCharacter($0) }
        }
    }

    private static func asciiDomain(_ domain: Substring) -> String? {
        var ascii = String(domain)
        if !domain.utf8.allSatisfy({ $0 < 0x80 }) {
            var components = URLComponents()
            components.host = ascii
            guard let encoded = components.encodedHost, !encoded.contains("%") else { return nil }
            ascii = encoded
        }
        ascii = ascii.lowercased()
        let labels = ascii.split(separator: ".", omittingEmptySubsequences: false)
        let fits = labels.allSatisfy { label in
            (1...63).contains(label.utf8.count) && label.first != "-" && label.last != "-"
                && label.utf8.allSatisfy { ($0 | 0x20) >= 0x61 && ($0 | 0x20) <= 0x7A || $0 >= 0x30 && $0 <= 0x39 || $0 == 0x2D }
        }
        return fits ? ascii : nil
    }
}
