import Crypto
import Synchronization

/// The signing keys that this process knows. For one that is not among them the source is asked, once for all who wait, and not more often
/// than every five seconds, so that a forger's made-up key ids do not become a storm of questions.
final class SigningKeyring: Sendable {
    typealias Key = Curve25519.Signing.PublicKey
    private typealias Keys = [String: Key]

    private struct State {
        var keys: Keys = [:]
        var asking: Task<Keys, any Error>?
        var lastAnswer: ContinuousClock.Instant?
        var isStale = false
    }

    private enum Step {
        case answer(Key?)
        case wait(Task<Keys, any Error>)
    }

    private let pause: Duration
    private let state = Mutex(State())

    init(pause: Duration = .seconds(5)) {
        self.pause = pause
    }

    /// Nil when there is no such key. Throws when it is not known here and nobody can be asked.
    func key(_ id: String, from source: any SigningKeySource) async throws -> Key? {
        switch step(id, source) {
        case .answer(let key):
            return key
        case .wait(let task):
            do {
                return try await task.value[id]
            } catch {
                // A rotation was heard of and cannot be looked up now: what verified before still does.
                guard let known = state.withLock({ $0.keys[id] }) else { throw error }
                return known
            }
        }
    }

    /// A key was rotated: ask again at the next token.
    func invalidate() { state.withLock { $0.isStale = true } }

    private func step(_ id: String, _ source: any SigningKeySource) -> Step {
        state.withLock { state in
            if !state.isStale {
                if let key = state.keys[id] { return .answer(key) }
                if state.asking == nil, let last = state.lastAnswer, ContinuousClock.now - last < pause { return .answer(nil) }
            }
            if let asking = state.asking { return .wait(asking) }
            let isFirst = state.lastAnswer == nil && !state.isStale
            state.isStale = false
            let task = Task { try await self.ask(source, for: id, isFirst: isFirst) }
            state.asking = task
            return .wait(task)
        }
    }

    private func ask(_ source: any SigningKeySource, for id: String, isFirst: Bool) async throws -> Keys {
        do {
            var keys = isFirst ? try await source.keys(fresh: false).keys : [:]
            // What a cache held may be older than the token.
            if keys[id] == nil { keys = try await source.keys(fresh: true).keys }
            state.withLock { state in
                state.keys = keys
                state.asking = nil
                state.lastAnswer = ContinuousClock.now
            }
            return keys
        } catch {
            state.withLock { $0.asking = nil }
            throw error
        }
    }
}
