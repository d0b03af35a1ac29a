/// How often something went well, and not.
struct Tally: Sendable {
    var done = 0
    var failed = 0
    var lastFailure: String?

    static func + (left: Tally, right: Tally) -> Tally {
        Tally(done: left.done + right.done, failed: left.failed + right.failed, lastFailure: right.lastFailure ?? left.lastFailure)
    }
}
