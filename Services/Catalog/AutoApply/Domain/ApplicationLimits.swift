/// What bounds letters that go out by themselves.
struct ApplicationLimits: Sendable {
    /// So long they can be taken back.
    var delay: Duration = .seconds(1800)
    /// So many of one person in a day.
    var perDay = 20
}
