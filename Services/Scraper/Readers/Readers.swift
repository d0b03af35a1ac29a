import Foundation

/// Every provider that Hearth can read.
enum Readers {
    static let all: [any ListingReader] = [WGGesuchtReader(), ImmoScoutReader(), KleinanzeigenReader()]

    static func named(_ provider: String) -> (any ListingReader)? { all.first { $0.provider == provider } }
    static func recognising(_ url: URL) -> (any ListingReader)? { all.first { $0.recognises(url) } }
}

extension URL {
    /// Whether the host is `domain` or below it.
    func isAt(_ domain: String) -> Bool {
        guard let host = host()?.lowercased() else { return false }
        return host == domain || host.hasSuffix("." + domain)
    }
}
