import Foundation
import Postgres

/// How much a channel has sent lately.
struct ChannelUsage: Sendable, RowDecodable {
    var channelID: UUID
    var usage: Clearance.Usage

    static func columns(now: Date) -> SQL {
        let hour: SQL = "FILTER (WHERE started_at > \(now.addingTimeInterval(-3600)))"
        return """
            channel_id, count(*) \(hour) AS last_hour, count(*) AS last_day, min(started_at) \(hour) AS oldest_of_hour, min(started_at) AS oldest_of_day
            """
    }

    init(row: Row) throws {
        channelID = try row["channel_id"]
        usage = Clearance.Usage(
            lastHour: try row["last_hour"], lastDay: try row["last_day"], oldestOfHour: try row["oldest_of_hour"],
            oldestOfDay: try row["oldest_of_day"])
    }
}
