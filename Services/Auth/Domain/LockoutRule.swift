/// How long an account refuses every sign-in after failures in a row: not at all for the first four, then twice as long each time, up to an hour.
enum LockoutRule {
    static let tries = 5
    static let longest: Duration = .seconds(3600)

    /// Nil while more tries are allowed.
    static func delay(afterFailures count: Int) -> Duration? {
        guard count >= tries else { return nil }
        let doublings = min(count - tries, 10)
        return min(.seconds(60 << doublings), longest)
    }
}
