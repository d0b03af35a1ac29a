/// Answers that must not tell by their time what was found.
enum Pace {
    /// Runs `body` and returns no earlier than the given time after the start.
    static func even<Result: Sendable>(_ time: Duration = .milliseconds(80), _ body: () async throws -> Result) async throws -> Result {
        let clock = ContinuousClock()
        let end = clock.now + time
        let result = try await body()
        try await clock.sleep(until: end)
        return result
    }
}
