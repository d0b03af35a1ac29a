/// An e-mail address as RFC 5321 has it without quoting, in lower case, with what the rules of domains say of it. No question is asked of the DNS.
public struct EmailAddress: Sendable, Hashable {
    public let text: String
    public let local: String
    public let domain: String
    /// Under which anybody could register further names: `example.co.uk`. Nil when the domain cannot receive mail.
    public let registrableDomain: String?
    /// Why no mail can arrive there, where the domain alone says so.
    public let problem: DomainProblem?

    /// What two spellings have in common: a tag after `+` is the owner's own.
    public var key: String { "\(local.prefix { $0 != "+" })@\(domain)" }

    /// Whether nobody in particular reads it: `info@`, `noreply@`.
    public var isRole: Bool { Self.roles.contains(String(local.prefix { $0 != "+" && $0 != "." && $0 != "-" })) }
    /// Whether nobody reads it at all.
    public var isUnattended: Bool { ["noreply", "no-reply", "donotreply", "mailer-daemon", "postmaster"].contains(local) }

    private static let roles: Set<String> = [
        "info", "kontakt", "contact", "office", "mail", "post", "service", "support", "vermietung", "verwaltung", "immobilien", "hausverwaltung",
        "noreply", "no", "datenschutz", "impressum", "webmaster", "postmaster", "admin", "hello", "hallo",
    ]

    /// Nil when the text is no address.
    public init?(_ text: String) {
        let trimmed = text.trimmed.lowercased()
        guard trimmed.utf8.count <= 254, let at = trimmed.lastIndex(of: "@") else { return nil }
        let (local, domain) = (String(trimmed[..<at]), String(trimmed[trimmed.index(after: at)...]))
        guard Self.isLocal(local), DomainName.isWellFormed(domain) else { return nil }
        self.text = trimmed
        self.local = local
        self.domain = domain
        (registrableDomain, problem) = DomainName.registrable(domain)
    }

    private static func isLocal(_ text: String) -> Bool {
        guard (1...64).contains(text.utf8.count), !text.hasPrefix("."), !text.hasSuffix("."), !text.contains("..") else { return false }
        return text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
            default: ".!#$%&'*+/=?^_`{|}~-".utf8.contains(byte)
            }
        }
    }
}
