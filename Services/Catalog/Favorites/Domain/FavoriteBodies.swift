import Foundation
import ServiceKit

/// What is to be kept, and what is to be remembered of it.
struct NewFavorite: Decodable, Sendable, Validated {
    var listingID: UUID
    var notes: String?
    var tags: [String]?

    enum CodingKeys: String, CodingKey {
        case notes, tags
        case listingID = "listing_id"
    }

    func validate(_ check: inout Validation) { FavoriteRules.validate(notes, tags, &check) }
}

/// A change of what is remembered: null clears, what is absent stays (RFC 7396).
struct FavoritePatch: Decodable, Sendable, Validated {
    /// Nil when it is not to be changed.
    var notes: String??
    var tags: [String]?

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        if container.contains(.notes) { notes = .some(try container.decodeIfPresent(String.self, forKey: .notes)) }
        if container.contains(.tags) { tags = try container.decode([String].self, forKey: .tags) }
    }

    enum CodingKeys: String, CodingKey { case notes, tags }

    func validate(_ check: inout Validation) { FavoriteRules.validate(notes ?? nil, tags, &check) }
}

enum FavoriteRules {
    static func validate(_ notes: String?, _ tags: [String]?, _ check: inout Validation) {
        check.text(notes, "/notes", maximum: 5000, multiline: true)
        let tags = tags ?? []
        check(tags.count <= 50, "/tags", "too-many", "has more than 50 entries")
        for (index, tag) in tags.prefix(50).enumerated() { check.text(tag, "/tags/\(index)", maximum: 100) }
    }
}
