/// Waits that end: what happens in the background has a time by which it must have happened.
package enum Waiting {
    package static func until<Result>(
        _ what: String, within limit: Duration, every pause: Duration = .milliseconds(100), _ body: () async throws -> Result?
    ) async throws -> Result {
        let deadline = ContinuousClock.now + limit
        while true {
            if let result = try await body() { return result }
            guard ContinuousClock.now < deadline else { throw StepFailure("\(what) has not happened within \(limit).") }
            try await Task.sleep(for: pause)
        }
    }
}
