/// A kill that happened, and what was measured of it.
struct Kill: Sendable {
    var victim: String
    /// Since the beginning.
    var at: Duration
    /// What was done and outstanding at that moment.
    var flow: FlowCount
    var started: Int
    /// Until the victim itself was back: a service's start, or a server that answers.
    var downtime: Duration
    /// From there until every service was ready and answered a real request through the gateway; nil when that did not happen.
    var servesAfter: Duration?
    /// From a sign-out after that until the last service refused its token; nil when not everything served.
    var refusesAfter: Duration?
}
