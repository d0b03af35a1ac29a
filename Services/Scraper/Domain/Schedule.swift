/// How often the clock starts a job again: `hourly`, `daily`, `weekly`, or an ISO 8601 duration such as `PT30M` or `P2DT12H`.
struct Schedule: Sendable, Equatable {
    static let shortest = 15 * 60
    static let longest = 366 * 86_400

    let text: String
    let seconds: Int

    /// Nil for anything else, and for intervals under 15 minutes or over a year.
    init?(_ text: String) {
        let named = ["hourly": 3600, "daily": 86_400, "weekly": 7 * 86_400]
        guard let seconds = named[text] ?? Self.duration(text), (Self.shortest...Self.longest).contains(seconds) else { return nil }
        self.text = text
        self.seconds = seconds
    }

    /// Weeks, days, hours, minutes and seconds; months and years have no length.
    private static func duration(_ text: String) -> Int? {
        guard let match = text.wholeMatch(of: /P(?:(\d{1,4})W)?(?:(\d{1,4})D)?(?:T(?:(\d{1,5})H)?(?:(\d{1,6})M)?(?:(\d{1,8})S)?)?/) else {
            return nil
        }
        let parts = [(match.1, 604_800), (match.2, 86_400), (match.3, 3600), (match.4, 60), (match.5, 1)]
        return parts.reduce(0) { $0 + (Int($1.0 ?? "") ?? 0) * $1.1 }
    }
}
