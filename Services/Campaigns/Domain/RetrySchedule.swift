/// When a mail that was not taken is tried again: after 1, 5, 30 and 120 minutes (with the default base), then given up.
struct RetrySchedule: Sendable {
    var base: Duration = .seconds(60)
    var maximumRetries = 4
    /// A relay that cannot be reached says nothing about a mail: such attempts are not counted, but after this time a mail is too old to be worth sending.
    var maximumAge: Duration = .seconds(3 * 86_400)

    /// The pause before retry number `retry` (1 is the first).
    func pause(before retry: Int) -> Duration {
        let factors = [1, 5, 30, 120]
        return base * factors[min(max(retry, 1), factors.count) - 1]
    }
}
