import Foundation

/// The address of a website, with a scheme, and without what counts visits.
public struct WebAddress: Sendable, Hashable {
    public let text: String
    public let host: String
    public let registrableDomain: String?
    public let problem: DomainProblem?
    /// The host without `www.`, and the path.
    public let key: String

    /// Nil when the text is no address of the web.
    public init?(_ text: String) {
        let trimmed = text.trimmed
        guard trimmed.utf8.count <= 2000, !trimmed.contains(where: \.isWhitespace) else { return nil }
        let lower = trimmed.lowercased()
        let hasScheme = lower.hasPrefix("http://") || lower.hasPrefix("https://")
        guard hasScheme || !lower.contains("://"), !lower.contains("@") else { return nil }
        guard var parts = URLComponents(string: hasScheme ? trimmed : "https://" + trimmed), let host = parts.host?.lowercased(),
            DomainName.isWellFormed(host)
        else { return nil }
        parts.scheme = parts.scheme?.lowercased()
        parts.host = host
        parts.fragment = nil
        parts.queryItems = parts.queryItems?.filter { !$0.name.hasPrefix("utm_") }
        if parts.queryItems?.isEmpty == true { parts.queryItems = nil }
        while parts.path.hasSuffix("/") { parts.path.removeLast() }
        guard let address = parts.string else { return nil }
        self.text = address
        self.host = host
        (registrableDomain, problem) = DomainName.registrable(host)
        key = (host.hasPrefix("www.") ? String(host.dropFirst(4)) : host) + parts.path.lowercased()
    }
}
