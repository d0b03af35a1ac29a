/// How many deliveries of each kind of channel may still be begun. Each kind has its own, so that slow receivers of one keep those of another from nothing.
struct SendingRoom: Sendable {
    private var free: [ChannelType: Int]

    init(ofEach limit: Int) { free = Dictionary(uniqueKeysWithValues: ChannelType.allCases.map { ($0, limit) }) }

    subscript(_ type: ChannelType) -> Int { free[type, default: 0] }

    mutating func take(_ type: ChannelType) { free[type, default: 0] -= 1 }

    mutating func giveBack(_ type: ChannelType) { free[type, default: 0] += 1 }
}
