import Foundation
import Synchronization

/// The live streams that this copy holds. Waking one makes it read what is new from the database, so that a wake that is lost, doubled or
/// out of order loses, doubles and reorders nothing.
final class LiveStreams: Sendable {
    enum Refusal: Error { case tooManyForUser, tooMany, sessionEnded }

    /// A place among the streams; it is free again once nobody holds this any more, whether its stream was ever written or not.
    final class Subscription: Sendable {
        /// One element per wake; wakes that come faster than they are handled are one. Ends when the session does.
        let wakes: AsyncStream<Void>
        private let release: @Sendable () -> Void

        init(wakes: AsyncStream<Void>, release: @escaping @Sendable () -> Void) {
            self.wakes = wakes
            self.release = release
        }

        /// Ends the stream and frees the place.
        func end() { release() }

        deinit { release() }
    }

    private struct Holder {
        var sessionID: UUID
        var continuation: AsyncStream<Void>.Continuation
    }

    private struct State {
        var count = 0
        var byUser: [UUID: [UUID: Holder]] = [:]
        /// Sessions that ended lately, each with the time until which a request that was let in before may still arrive here.
        var ended: [UUID: ContinuousClock.Instant] = [:]
        var isStopping = false
    }

    /// Longer than a ticket lives.
    private static let memory = StreamTicketStore.lifetime * 2

    private let state = Mutex(State())
    private let maximumPerUser: Int
    private let maximum: Int

    init(maximumPerUser: Int, maximum: Int) {
        self.maximumPerUser = maximumPerUser
        self.maximum = maximum
    }

    /// How many there are.
    var count: Int { state.withLock { $0.count } }

    func subscribe(_ admission: Admission) throws(Refusal) -> Subscription {
        let id = UUID()
        let (wakes, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        let refusal: Refusal? = state.withLock { state in
            guard state.ended[admission.sessionID] == nil else { return .sessionEnded }
            guard state.count < maximum, !state.isStopping else { return .tooMany }
            guard state.byUser[admission.userID]?.count ?? 0 < maximumPerUser else { return .tooManyForUser }
            state.byUser[admission.userID, default: [:]][id] = Holder(sessionID: admission.sessionID, continuation: continuation)
            state.count += 1
            return nil
        }
        if let refusal { throw refusal }
        return Subscription(wakes: wakes) { [weak self] in self?.leave(id, admission.userID) }
    }

    private func leave(_ id: UUID, _ user: UUID) {
        let holder = state.withLock { state -> Holder? in
            guard let holder = state.byUser[user]?.removeValue(forKey: id) else { return nil }
            if state.byUser[user]?.isEmpty == true { state.byUser[user] = nil }
            state.count -= 1
            return holder
        }
        holder?.continuation.finish()
    }

    func wake(_ user: UUID) {
        let holders = state.withLock { $0.byUser[user].map { Array($0.values) } ?? [] }
        for holder in holders { holder.continuation.yield() }
    }

    /// After the broker was away something may have been missed.
    func wakeAll() {
        let holders = state.withLock { $0.byUser.values.flatMap(\.values) }
        for holder in holders { holder.continuation.yield() }
    }

    /// Ends the streams of a session that has ended, and refuses those that were let in just before.
    func end(session: UUID, of user: UUID) {
        let holders = state.withLock { state in
            let now = ContinuousClock.now
            if state.ended.count >= 1000 { state.ended = state.ended.filter { $0.value > now } }
            state.ended[session] = now + Self.memory
            return state.byUser[user].map { Array($0.values) } ?? []
        }
        for holder in holders where holder.sessionID == session { holder.continuation.finish() }
    }

    /// Ends every stream and takes no more, for a graceful stop: clients come back to another copy and resume.
    func endAll() {
        let holders = state.withLock { state in
            state.isStopping = true
            return state.byUser.values.flatMap(\.values)
        }
        for holder in holders { holder.continuation.finish() }
    }
}
