import Synchronization

/// Whether both connections of a broker are there, and who wants to know.
final class Connectivity: Sendable {
    private struct State {
        var connected: Set<String> = []
        var observers: [Int: AsyncStream<Bool>.Continuation] = [:]
        var nextObserver = 0
    }
    private let state = Mutex(State())
    private let purposes: Set<String>

    init(_ purposes: Set<String>) { self.purposes = purposes }

    var isConnected: Bool { state.withLock { $0.connected == purposes } }

    func set(_ purpose: String, _ isConnected: Bool) {
        state.withLock { state in
            let before = state.connected == purposes
            if isConnected { state.connected.insert(purpose) } else { state.connected.remove(purpose) }
            let after = state.connected == purposes
            if before != after { for observer in state.observers.values { observer.yield(after) } }
        }
    }

    func observe() -> AsyncStream<Bool> {
        let (stream, continuation) = AsyncStream.makeStream(of: Bool.self)
        let number = state.withLock { state in
            state.nextObserver += 1
            state.observers[state.nextObserver] = continuation
            continuation.yield(state.connected == purposes)
            return state.nextObserver
        }
        continuation.onTermination = { [weak self] _ in self?.forget(number) }
        return stream
    }

    func finish() {
        let observers = state.withLock { state in
            defer { state.observers = [:] }
            return state.observers.values.map { $0 }
        }
        for observer in observers { observer.finish() }
    }

    private func forget(_ number: Int) { state.withLock { _ = $0.observers.removeValue(forKey: number) } }
}
