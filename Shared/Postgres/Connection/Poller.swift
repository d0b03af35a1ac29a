import CLibPQ
import Foundation
import Synchronization

/// The one thread of the process that waits for sockets. A dispatch source would cost a second thread switch per answer.
///
/// A socket that has woken it is left alone until `arm` is called again: while somebody is at work on a connection, and will read what has come, this
/// thread sleeps.
final class Poller: Sendable {
    static let shared = Poller()

    private struct Interest {
        weak var connection: Connection?
    }

    private struct State {
        var interests: [Int32: Interest] = [:]
        var isStarted = false
    }

    private static let batch = 64
    private let state = Mutex(State())
    private let epoll: Int32

    private init() {
        epoll = epoll_create1(Int32(EPOLL_CLOEXEC))
        // A process that has no descriptor left for it has none left to connect with either.
        precondition(epoll >= 0, "no file descriptor is left for epoll")
    }

    /// Begins to watch, for reading.
    func add(_ descriptor: Int32, _ connection: Connection) {
        let starts = state.withLock { state in
            state.interests[descriptor] = Interest(connection: connection)
            control(EPOLL_CTL_ADD, descriptor, writing: false)
            defer { state.isStarted = true }
            return !state.isStarted
        }
        if starts { Thread.detachNewThread { [self] in run() } }
    }

    /// Ends it. Call it before the socket is closed.
    func remove(_ descriptor: Int32, _ connection: Connection) {
        state.withLock { state in
            // The number may already belong to a newer connection.
            if let owner = state.interests[descriptor]?.connection, owner !== connection { return }
            state.interests[descriptor] = nil
            control(EPOLL_CTL_DEL, descriptor, writing: false)
        }
    }

    /// Watches on, after `Connection.ready()` was called or when there is something to write: `ready()` will be called once more.
    func arm(_ descriptor: Int32, writing: Bool) { control(EPOLL_CTL_MOD, descriptor, writing: writing) }

    private func control(_ operation: Int32, _ descriptor: Int32, writing: Bool) {
        var event = epoll_event()
        event.events = EPOLLIN.rawValue | EPOLLONESHOT.rawValue | (writing ? EPOLLOUT.rawValue : 0)
        event.data.fd = descriptor
        // It fails only for a socket that was removed meanwhile.
        epoll_ctl(epoll, operation, descriptor, &event)
    }

    private func run() {
        withUnsafeTemporaryAllocation(of: epoll_event.self, capacity: Self.batch) { events in
            while true {
                let count = epoll_wait(epoll, events.baseAddress, Int32(Self.batch), -1)
                for index in 0..<max(0, Int(count)) {
                    let descriptor = events[index].data.fd
                    let connection = state.withLock { $0.interests[descriptor]?.connection }
                    connection?.ready()
                }
            }
        }
    }
}
