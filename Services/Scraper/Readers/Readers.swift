import Foundation

/// Every provider that Hearth can read.
enum Readers {
    static let all: [any ListingReader] = [
        WGGesuchtReader(), ImmoScoutReader(), ImmoweltReader(), KleinanzeigenReader(), ImmobilienDeReader(), SparkasseReader(), SchemaOrgReader(),
    ]

    static func named(_ provider: String) -> (any ListingReader)? { all.first { $0.provider == provider } }
    static func recognising(_ url: URL) -> (any ListingReader)? { all.first { $0.recognises(url) } }
}

extension URL {
    /// With one parameter of the query set to a number.
    func replacingQuery(_ name: String, with value: Int) -> URL? {
        guard var parts = URLComponents(url: self, resolvingAgainstBaseURL: true) else { return nil }
        parts.queryItems = (parts.queryItems ?? []).filter { $0.name != name } + [URLQueryItem(name: name, value: String(value))]
        return parts.url
    }

    /// Whether the host is `domain` or below it.
    func isAt(_ domain: String) -> Bool {
        guard let host = host()?.lowercased() else { return false }
        return host == domain || host.hasSuffix("." + domain)
    }
}
