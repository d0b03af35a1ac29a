import Foundation
import Postgres
import ServiceKit
import TestKit
import Testing

@testable import Alerts

@Suite("Channels")
struct ChannelRoutesTests {
    struct Channels: Decodable { var items: [Channel] }

    @Test("are changed by their owner, guarded by their version, and one of them is the primary one")
    func changes() async throws {
        try await AlertStage.with { stage in
            let caller = Caller.test()
            try await stage.register(caller)
            _ = try await stage.transaction { tx in
                try await tx.execute(
                    """
                    INSERT INTO notification_channels (user_id, channel_type, channel_name, destination)
                    SELECT \(caller.userID), 'push', 'Phone ' || n, 'token' || n FROM generate_series(1, 3) AS n
                    """)
            }
            func channels() async throws -> [Channel] {
                try await (stage.service.get("/v1/notification-channels", as: caller).json() as Channels).items
            }
            let known = try await channels()
            #expect(known.count == 4 && known.count(where: \.isPrimary) == 1)
            let phone = try #require(known.first { !$0.isPrimary })
            let path = "/v1/notification-channels/\(phone.id)"
            let changed = try await stage.service.patch(path, ["is_primary": true], as: caller, headers: ["If-Match": "\"1\""])
            #expect(changed.status == 200 && changed.headers.first(name: "ETag") == "\"2\"")
            #expect(try await channels().filter(\.isPrimary).map(\.id) == [phone.id])
            #expect(try await stage.service.patch(path, ["is_active": false], as: caller, headers: ["If-Match": "\"1\""]).status == 412)
            #expect(try await stage.service.get(path, as: caller, headers: ["If-None-Match": "\"2\""]).status == 304)

            // Being the primary one is handed over, not given up.
            #expect(try await stage.service.patch(path, ["is_primary": false], as: caller).status == 409)

            // Each at once: whoever comes last has it, and none is in another's way.
            try await withThrowingTaskGroup(of: Int.self) { group in
                for channel in known + known {
                    group.addTask {
                        try await stage.service.patch("/v1/notification-channels/\(channel.id)", ["is_primary": true], as: caller).status
                    }
                }
                for try await status in group { #expect(status == 200) }
            }
            #expect(try await channels().count(where: \.isPrimary) == 1)

            for body in [["rate_limit_per_hour": -1], ["rate_limit_per_day": 10_001]] {
                #expect(try await stage.service.patch(path, body, as: caller).status == 422)
            }
            #expect(try await stage.service.patch(path, ["channel_name": "a\u{0}"], as: caller).status == 422)
            #expect(try await stage.service.patch(path, ["enabled_notification_types": ["castle"]], as: caller).status == 422)
            #expect(try await stage.service.patch(path, ["channel_name": "Theirs"], as: .test()).status == 404)
            #expect(try await stage.service.patch(path, ["channel_name": "Nobody's"]).status == 401)
            #expect(try await stage.service.get(path, as: .test()).status == 404)
        }
    }
}
