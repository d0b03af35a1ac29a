import Foundation
import Hummingbird

/// One page of a list. `next_cursor` is null on the last page.
public struct Page<Item: Codable & Sendable>: Codable, Sendable, ResponseEncodable {
    public var items: [Item]
    public var nextCursor: String?

    /// From `limit + 1` rows: cuts the extra one and makes the cursor from the last kept.
    public init<Key: Codable>(_ rows: [Item], limit: Int, key: (Item) -> Key) {
        items = Array(rows.prefix(limit))
        nextCursor = rows.count > limit ? items.last.flatMap { Cursor.encode(key($0)) } : nil
    }

    enum CodingKeys: String, CodingKey {
        case items
        case nextCursor = "next_cursor"
    }

    /// `next_cursor` is always there, null at the end.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(items, forKey: .items)
        try container.encode(nextCursor, forKey: .nextCursor)
    }
}
