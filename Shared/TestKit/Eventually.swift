import Testing

/// Waits until something that happens in the background has happened; what throws has not happened yet. Records an issue and throws when it has not
/// within `limit`, which is wide: it is there for what never happens, not for what a busy machine does late.
public func eventually(
    within limit: Duration = .seconds(60), sourceLocation: SourceLocation = #_sourceLocation, _ condition: () async throws -> Bool
) async throws {
    let deadline = ContinuousClock.now + limit
    while true {
        do {
            if try await condition() { return }
            throw NeverHappened(limit: limit)
        } catch {
            guard ContinuousClock.now < deadline, !(error is CancellationError) else {
                Issue.record("it has not happened within \(limit): \(error)", sourceLocation: sourceLocation)
                throw error
            }
        }
        try await Task.sleep(for: .milliseconds(20))
    }
}

/// What did not happen in time.
public struct NeverHappened: Error {
    /// How long it was waited for.
    public let limit: Duration
}
