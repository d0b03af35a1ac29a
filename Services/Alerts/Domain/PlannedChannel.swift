import Foundation
import Postgres

/// A channel that takes a kind of notification.
struct PlannedChannel: Sendable, RowDecodable {
    var id: UUID
    var type: ChannelType
    var frequency: Frequency

    static let columns: SQL = "id, channel_type, frequency"

    init(row: Row) throws {
        id = try row["id"]
        type = try row["channel_type"]
        frequency = try row["frequency"]
    }
}
