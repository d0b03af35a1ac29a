import Synchronization

/// Holds a load where a test wants it, and counts how often it was reached.
final class Gate: Sendable {
    private struct State {
        var arrivals = 0
        var isOpen = false
    }
    private let state = Mutex(State())

    var arrivals: Int { state.withLock { $0.arrivals } }
    func open() { state.withLock { $0.isOpen = true } }

    func pass() async throws {
        state.withLock { $0.arrivals += 1 }
        while !state.withLock({ $0.isOpen }) { try await Task.sleep(for: .milliseconds(2)) }
    }

    func waitForArrival() async throws {
        while arrivals == 0 { try await Task.sleep(for: .milliseconds(2)) }
    }
}
