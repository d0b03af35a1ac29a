/// Growing pauses between attempts, with jitter so that the copies of a service do not come back all at once.
struct RedisBackoff {
    private var pause = Duration.milliseconds(25)
    private static let longest = Duration.seconds(1)

    mutating func next() -> Duration {
        defer { pause = min(pause * 2, Self.longest) }
        return pause * Double.random(in: 0.5...1)
    }
}
