import Foundation
import Postgres

/// A notification in a digest, and how many there are in all.
struct DigestItem: Sendable, RowDecodable {
    var item: DeliveryContent.Item
    var count: Int

    static let columns: SQL = "n.id, n.type, n.title, n.message, n.action_url, count(*) OVER () AS count"

    init(row: Row) throws {
        item = DeliveryContent.Item(
            notificationID: try row["id"], type: try row["type"], title: try row["title"], message: try row["message"], url: try row["action_url"])
        count = try row["count"]
    }
}
