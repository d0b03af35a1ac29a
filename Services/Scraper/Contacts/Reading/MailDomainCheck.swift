/// Whether mail can arrive at a domain.
protocol MailDomainCheck: Sendable {
    /// Nil when nobody asked, or nobody answered in time.
    func acceptsMail(_ domain: String) async -> Bool?
}

/// Asks nobody: the rules of domains are all there is.
struct NoMailDomainCheck: MailDomainCheck {
    func acceptsMail(_ domain: String) async -> Bool? { nil }
}
