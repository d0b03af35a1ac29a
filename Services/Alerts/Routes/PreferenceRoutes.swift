import Foundation
import Hummingbird
import ServiceKit

struct PreferenceRoutes {
    let preferences: PreferenceStore

    func add(to router: Router<APIContext>) {
        router.group("/v1/notification-preferences")
            .get(use: find)
            .put(use: set)
    }

    @Sendable func find(_ request: Request, _ context: APIContext) async throws -> Response {
        try .json(try await preferences.find(as: context.require(.notificationsRead)), request: request)
    }

    @Sendable func set(_ request: Request, _ context: APIContext) async throws -> Response {
        let caller = try context.require(.notificationsWrite)
        let version = try request.ifMatch()
        let body = try await request.decode(as: Body.self, context: context)
        guard let set = try await preferences.set(body.preferences, ifMatch: version, as: caller) else { throw APIError.accountNotKnown }
        return try .json(set, request: request)
    }

    /// What is left out is as it is for whoever chooses nothing.
    struct Body: Decodable, Sendable, Validated {
        var quietHours: QuietHours?
        var urgentBreaksQuiet: Bool?
        var digestTime: DayTime?
        var digestWeekday: Int?
        var reach: Reach?

        func validate(_ check: inout Validation) {
            check(quietHours.map { $0.from != $0.until } ?? true, "/quiet_hours/until", "range", "must differ from its beginning")
            check.range(digestWeekday, "/digest_weekday", 1...7)
        }

        var preferences: Preferences {
            var wanted = Preferences()
            wanted.quietHours = quietHours
            wanted.urgentBreaksQuiet = urgentBreaksQuiet ?? wanted.urgentBreaksQuiet
            wanted.digestTime = digestTime ?? wanted.digestTime
            wanted.digestWeekday = digestWeekday ?? wanted.digestWeekday
            wanted.reach = reach ?? wanted.reach
            return wanted
        }

        enum CodingKeys: String, CodingKey {
            case quietHours = "quiet_hours"
            case urgentBreaksQuiet = "urgent_breaks_quiet"
            case digestTime = "digest_time"
            case digestWeekday = "digest_weekday"
            case reach
        }
    }
}
