import ContactValues
import Foundation
import ServiceKit

/// A keyed hash of a value, by which two contacts are found to be alike and a blacklist holds, though every value is sealed.
struct Fingerprint: Sendable, Hashable {
    var kind: BlacklistKind
    var hash: Data

    /// Those of one value: its own, and for what lies in a domain the domain's. None for a name.
    static func all(of value: ContactValue, under key: MatchingKey) -> [Fingerprint] {
        guard let kind = BlacklistKind(rawValue: value.field.rawValue) else { return [] }
        let own = Fingerprint(kind: kind, hash: key.hash(value.key, kind: kind.rawValue))
        return [own] + [domain(of: value)].compactMap(\.self).map { Fingerprint(domain: $0, under: key) }
    }

    init(kind: BlacklistKind, hash: Data) {
        (self.kind, self.hash) = (kind, hash)
    }

    init(domain: String, under key: MatchingKey) {
        self.init(kind: .domain, hash: key.hash(domain, kind: BlacklistKind.domain.rawValue))
    }

    private static func domain(of value: ContactValue) -> String? {
        switch value.field {
        case .email: EmailAddress(value.text).map { $0.registrableDomain ?? $0.domain }
        case .website: WebAddress(value.text).map { $0.registrableDomain ?? $0.host }
        default: nil
        }
    }
}
