/// Operations that begin by the clock, whether or not those before them have ended.
struct Pace {
    var perSecond: Int

    /// How long each took from the moment at which it was due.
    func run(_ count: Int, _ operation: @escaping @Sendable (_ number: Int) async throws -> Void) async throws -> [UInt32] {
        let start = ContinuousClock.now
        return try await withThrowingTaskGroup(of: UInt32.self) { group in
            for number in 0..<count {
                let due = start + .seconds(1) * number / perSecond
                if due > .now { try await Task.sleep(until: due, clock: .continuous) }
                group.addTask {
                    try await operation(number)
                    return UInt32(clamping: due.duration(to: .now).nanoseconds)
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
    }
}
