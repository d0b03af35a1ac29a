/// How long and how often.
struct Plan {
    /// Beside one that warms up and is not counted.
    var rounds: Int
    /// Of one run.
    var duration: Duration

    /// For tools that know whole seconds only.
    var wholeSeconds: Int { max(1, Int(duration.seconds.rounded())) }
}
