/// Waits until something holds; a throw means not yet. After ten seconds it throws.
func eventually(_ holds: () async throws -> Bool) async throws {
    let end = ContinuousClock.now + .seconds(10)
    while (try? await holds()) != true {
        guard ContinuousClock.now < end else { throw NeverHeld() }
        try await Task.sleep(for: .milliseconds(10))
    }
}

struct NeverHeld: Error {}
