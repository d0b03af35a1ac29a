import Foundation
import Postgres
import ServiceKit
import TestKit
import Testing

@testable import Alerts

/// Random schedules over both clock changes of Berlin, with copies that are killed at every step: before what they do outside, after it, and while they say
/// what came of it. Time is the test's own, and lies ahead, so that the running service leaves it alone.
@Suite struct DigestPropertyTests {
    /// What the people see: by one id one thing, where the protocol knows repeats.
    private struct World {
        struct Shown {
            var channel: UUID
            var content: DeliveryContent
            var priority: Priority
            var at: Date
        }

        var shown: [UUID: Shown] = [:]
        var repeated = 0
        /// The same id with other words: a digest that was doubled in part.
        var contradictions = 0

        mutating func take(_ delivery: ClaimedDelivery, channel: UUID, at now: Date) {
            if let known = shown[delivery.id] {
                repeated += 1
                if known.content != delivery.content { contradictions += 1 }
                return
            }
            shown[delivery.id] = Shown(channel: channel, content: delivery.content, priority: delivery.priority, at: now)
        }
    }

    private static let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

    @Test(
        "nothing is lost, nothing is told twice, and nobody is woken",
        arguments: ["2027-03-27T08:00:00Z", "2027-10-30T08:00:00Z"], [1, 2, 3] as [UInt64])
    func digests(start: String, seed: UInt64) async throws {
        let start = try Date(start, strategy: .iso8601)
        try await AlertStage.with { stage in
            var random = SeededRandom(seed: seed)
            let caller = Caller.test()
            try await stage.registerWithout(caller)
            var channels: [UUID: Frequency] = [:]
            for (number, frequency) in [Frequency.immediate, .hourly, .daily, .weekly].enumerated() {
                let address = ChannelAddress.webhook(url: "https://example.org/\(number)", secret: Self.secret)
                channels[try await stage.givenChannel(caller, address, frequency: frequency, isPrimary: number == 0)] = frequency
            }
            let quiet = QuietHours(
                from: DayTime(minutes: Int.random(in: 1200..<1440, using: &random)), until: DayTime(minutes: Int.random(in: 60..<480, using: &random))
            )
            let digestTime = DayTime(minutes: Int.random(in: 0..<1440, using: &random))
            try await stage.transaction { tx in
                try await tx.execute(
                    """
                    INSERT INTO notification_preferences (user_id, quiet_from, quiet_until, digest_at, digest_weekday, reach)
                    VALUES (\(caller.userID), \(quiet.from.minutes)::smallint, \(quiet.until.minutes)::smallint, \(digestTime.minutes)::smallint, 7, 'all')
                    """)
            }
            var world = World()
            var titles: [String] = []
            var urgent: Set<String> = []
            var now = start
            var owners: [UUID: UUID] = [:]

            func step(crashing: Bool) async throws -> Int {
                let (claimed, seen) = try await stage.deliveries.claim(Int.random(in: 1...4, using: &random), lease: .seconds(120), now: now)
                for delivery in claimed {
                    if let channel = delivery.channelID { owners[delivery.id] = channel }
                    switch crashing ? Int.random(in: 0..<6, using: &random) : 5 {
                    case 0: continue  // killed before the other side has heard of it
                    case 1:  // killed after it has, before it could be written down
                        world.take(delivery, channel: delivery.channelID ?? UUID(), at: now)
                    case 2: try await stage.deliveries.settle(delivery, .deferred("503", after: nil), now: now)
                    default:
                        world.take(delivery, channel: delivery.channelID ?? UUID(), at: now)
                        try await stage.deliveries.settle(delivery, .taken("200", isThere: true), now: now)
                    }
                }
                return seen
            }

            while now < start.addingTimeInterval(3 * 86_400) {
                now.addTimeInterval(Double(Int.random(in: 1...5400, using: &random)))
                for _ in 0..<Int.random(in: 0...2, using: &random) {
                    let isRepeat = !titles.isEmpty && Int.random(in: 0..<4, using: &random) == 0
                    let title = isRepeat ? titles[Int.random(in: 0..<titles.count, using: &random)] : "Home \(titles.count)"
                    let priority: Priority =
                        isRepeat ? (urgent.contains(title) ? .urgent : .normal) : Int.random(in: 0..<10, using: &random) == 0 ? .urgent : .normal
                    if Int.random(in: 0..<5, using: &random) == 0 { try await fail(stage, caller, title, at: now) }
                    try await stage.tell(caller, title, priority: priority, at: now)
                    if !isRepeat {
                        titles.append(title)
                        if priority == .urgent { urgent.insert(title) }
                    }
                }
                if Int.random(in: 0..<6, using: &random) == 0 {
                    let channel = channels.keys.sorted { $0.uuidString < $1.uuidString }[Int.random(in: 0..<channels.count, using: &random)]
                    let frequency = Frequency.allCases[Int.random(in: 0..<Frequency.allCases.count, using: &random)]
                    channels[channel] = frequency
                    let time = now
                    try await stage.transaction { tx in
                        try await tx.execute("UPDATE notification_channels SET frequency = \(frequency) WHERE id = \(channel)")
                        try await DeliveryStore.reschedule(of: caller.userID, now: time, in: tx)
                    }
                }
                // However often a copy is killed, it is not given up here: that is another property.
                try await stage.transaction { try await $0.execute("UPDATE notification_queue SET max_retries = 10000") }
                for _ in 0..<Int.random(in: 0...2, using: &random) { _ = try await step(crashing: true) }
            }
            // In the end the copies live, and the week comes round.
            for _ in 0..<(9 * 24 * 2) {
                now.addTimeInterval(1800)
                while try await step(crashing: false) > 0 {}
            }

            #expect(try await stage.count("SELECT count(*) FROM notification_queue WHERE status <> 'delivered'") == 0)
            #expect(world.contradictions == 0)
            #expect(world.repeated > 0, "no copy was killed after what it did: this proves nothing")
            for (channel, frequency) in channels {
                let told = world.shown.values.filter { $0.channel == channel }.flatMap { $0.content.items.map(\.title) }
                #expect(told.sorted() == titles.sorted(), "\(frequency): each once, none left out")
            }
            let clock = LocalClock("Europe/Berlin")
            for shown in world.shown.values where shown.priority != .urgent {
                #expect(!quiet.holds(at: shown.at, on: clock), "\(shown.content.title) at \(shown.at) within \(quiet.from.text)–\(quiet.until.text)")
            }
            let items = try await stage.count("SELECT count(*) FROM delivery_items")
            #expect(items == titles.count * channels.count)
            #expect(try await stage.inbox(caller, "limit=100").items.count == min(100, titles.count))
        }
    }

    /// A transaction that tells and then does not commit.
    private func fail(_ stage: AlertStage, _ caller: Caller, _ title: String, at now: Date) async throws {
        struct Killed: Error {}
        let new = NewNotification(
            userID: caller.userID, subjectKey: "test:\(title)", type: .newListing, title: title, message: "Berlin", data: [:],
            category: .searchResults)
        await #expect(throws: Killed.self) {
            try await stage.transaction { tx in
                _ = try await RecipientStore().lock(caller.userID, in: tx)
                if let added = try await stage.notifications.add(new, now: now, in: tx) {
                    try await stage.deliveries.plan(added, DeliveryContent(added, locale: "de"), template: nil, now: now, in: tx)
                }
                throw Killed()
            }
        }
    }
}

/// The same numbers for the same seed (SplitMix64).
struct SeededRandom: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
