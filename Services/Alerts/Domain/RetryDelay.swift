/// How long a delivery waits for its next try: doubled each time, with some chance in it, and never beyond a bound.
enum RetryDelay {
    private static let first = 15.0
    private static let longest = 3600.0

    /// In seconds, after so many attempts. What the other side asks for is granted within the bound.
    static func seconds(after attempts: Int, asked: Double? = nil, chance: Double = .random(in: 0.75...1.25)) -> Double {
        let grown = min(longest, first * Double(1 << min(max(attempts - 1, 0), 12)) * chance)
        return min(longest, max(grown, asked ?? 0))
    }
}
