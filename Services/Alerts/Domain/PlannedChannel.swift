import Foundation
import Postgres

/// A channel that takes a kind of notification.
struct PlannedChannel: Sendable, RowDecodable {
    var id: UUID
    var userID: UUID
    var type: ChannelType
    var frequency: Frequency
    /// What it takes.
    var notificationTypes: [NotificationType]

    static let columns: SQL = "id, user_id, channel_type, frequency, enabled_notification_types"

    init(row: Row) throws {
        id = try row["id"]
        userID = try row["user_id"]
        notificationTypes = try row["enabled_notification_types"]
        type = try row["channel_type"]
        frequency = try row["frequency"]
    }
}
