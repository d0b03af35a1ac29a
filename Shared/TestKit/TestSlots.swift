/// How many of something tests use at once: whole services started side by side by the dozen would only wait for one another.
actor TestSlots {
    static let services = TestSlots(4)

    private var free: Int
    private var waiting: [CheckedContinuation<Void, Never>] = []

    init(_ count: Int) { free = count }

    func with<Result: Sendable>(_ body: @Sendable () async throws -> Result) async throws -> Result {
        await take()
        defer { give() }
        return try await body()
    }

    private func take() async {
        guard free == 0 else {
            free -= 1
            return
        }
        await withCheckedContinuation { waiting.append($0) }
    }

    /// Hands the slot on, or lays it back.
    private func give() {
        if waiting.isEmpty { free += 1 } else { waiting.removeFirst().resume() }
    }
}
