/// A reader's figures, as people see them.
struct ReaderHealth: Codable, Sendable {
    struct Field: Codable, Sendable {
        var field: String
        var recentShare: Double
        var pastShare: Double

        enum CodingKeys: String, CodingKey {
            case field
            case recentShare = "recent_share"
            case pastShare = "past_share"
        }
    }

    var provider: String
    var recentPages: Int
    var pastPages: Int
    var fields: [Field]

    enum CodingKeys: String, CodingKey {
        case provider
        case recentPages = "recent_pages"
        case pastPages = "past_pages"
        case fields
    }

    /// One entry per reader that exists, in order; one that has read nothing has no fields.
    static func all(_ shares: [ReaderShare]) -> [ReaderHealth] {
        let byProvider = Dictionary(grouping: shares, by: \.provider)
        return Readers.all.map(\.provider).sorted().map { provider in
            let own = (byProvider[provider] ?? []).sorted { $0.field < $1.field }
            return ReaderHealth(
                provider: provider, recentPages: own.first?.recentPages ?? 0, pastPages: own.first?.pastPages ?? 0,
                fields: own.map { Field(field: $0.field, recentShare: $0.recent.rounded(to: 3), pastShare: $0.past.rounded(to: 3)) })
        }
    }
}

extension Double {
    fileprivate func rounded(to digits: Int) -> Double {
        let factor = (0..<digits).reduce(1.0) { factor, _ in factor * 10 }
        return (self * factor).rounded() / factor
    }
}
