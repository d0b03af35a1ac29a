import Postgres

extension SQL.Interpolation {
    /// An interval.
    mutating func appendInterpolation(seconds: Int) {
        appendInterpolation("make_interval(secs => \(Double(seconds)))" as SQL)
    }
}
