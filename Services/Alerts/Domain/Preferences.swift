import Foundation
import Postgres
import ServiceKit

/// How a person wants to be told.
struct Preferences: Codable, Sendable, Versioned, RowDecodable {
    var quietHours: QuietHours?
    var urgentBreaksQuiet = true
    var digestTime = DayTime(minutes: 480)
    var digestWeekday = 1
    var reach = Reach.primary
    /// The person's own; it is changed with the account.
    var timezone = "Europe/Berlin"
    /// 0 when nothing was ever chosen.
    var version: Int64 = 0

    static let columns: SQL = """
        p.quiet_from, p.quiet_until, coalesce(p.urgent_breaks_quiet, true) AS urgent_breaks_quiet, coalesce(p.digest_at, 480) AS digest_at,
        coalesce(p.digest_weekday, 1) AS digest_weekday, coalesce(p.reach, 'primary') AS reach, coalesce(p.version, 0) AS preferences_version,
        r.timezone
        """

    init() {}

    init(row: Row) throws {
        if let from = try row["quiet_from"] as Int?, let until = try row["quiet_until"] as Int? {
            quietHours = QuietHours(from: DayTime(minutes: from), until: DayTime(minutes: until))
        }
        urgentBreaksQuiet = try row["urgent_breaks_quiet"]
        digestTime = DayTime(minutes: try row["digest_at"])
        digestWeekday = try row["digest_weekday"]
        reach = try row["reach"]
        timezone = try row["timezone"]
        version = try row["preferences_version"]
    }

    var clock: LocalClock { LocalClock(timezone) }

    /// When something may be told at the earliest.
    func quietEnd(at instant: Date, isUrgent: Bool) -> Date? {
        isUrgent && urgentBreaksQuiet ? nil : quietHours?.end(at: instant, on: clock)
    }

    enum CodingKeys: String, CodingKey {
        case quietHours = "quiet_hours"
        case urgentBreaksQuiet = "urgent_breaks_quiet"
        case digestTime = "digest_time"
        case digestWeekday = "digest_weekday"
        case reach, timezone, version
    }
}
