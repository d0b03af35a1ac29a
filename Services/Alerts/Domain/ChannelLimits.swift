import ServiceKit

/// How much a channel takes at most.
struct ChannelLimits: Sendable, Equatable {
    var perHour: Int
    var perDay: Int

    /// Of a channel that somebody adds.
    static let standard = ChannelLimits(perHour: 10, perDay: 100)
    /// Of the address with which somebody registers.
    static let first = ChannelLimits(perHour: 100, perDay: 1000)

    /// `100/1000`: per hour and per day.
    init(setting: String, named name: String) throws {
        let parts = setting.split(separator: "/").compactMap { Int($0) }
        guard parts.count == 2, (0...1_000_000).contains(parts[0]), (0...1_000_000).contains(parts[1]) else {
            throw SettingError(name, "is \"\(setting)\", which is not a number an hour and one a day, such as 100/1000")
        }
        self.init(perHour: parts[0], perDay: parts[1])
    }

    init(perHour: Int, perDay: Int) {
        self.perHour = perHour
        self.perDay = perDay
    }
}
