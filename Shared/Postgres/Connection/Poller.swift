import Foundation
import Synchronization

/// The one thread of the process that waits for sockets. A dispatch source would cost a second thread switch per answer.
final class Poller: Sendable {
    static let shared = Poller()

    private struct Interest {
        weak var connection: Connection?
        var wantsWrite = false
    }

    private struct State {
        var interests: [Int32: Interest] = [:]
        var version = 0
        var isStarted = false
    }

    private let state = Mutex(State())
    private let wakeUp: (read: Int32, write: Int32)

    private init() {
        var ends: [Int32] = [-1, -1]
        // A process that cannot open a pipe has no descriptor left to connect with either.
        precondition(pipe(&ends) == 0, "no file descriptor is left for a pipe")
        for end in ends { _ = fcntl(end, F_SETFL, O_NONBLOCK) }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        wakeUp = (ends[0], ends[1])
    }

    func add(_ descriptor: Int32, _ connection: Connection) {
        change { $0.interests[descriptor] = Interest(connection: connection) }
    }

    func remove(_ descriptor: Int32, _ connection: Connection) {
        change { state in
            // The number may already belong to a newer connection.
            if let owner = state.interests[descriptor]?.connection, owner !== connection { return }
            state.interests[descriptor] = nil
        }
    }

    func wantsWrite(_ descriptor: Int32, _ wants: Bool) { change { $0.interests[descriptor]?.wantsWrite = wants } }

    private func change(_ body: (inout State) -> Void) {
        let starts = state.withLock { state in
            body(&state)
            state.version += 1
            defer { state.isStarted = true }
            return !state.isStarted
        }
        if starts {
            Thread.detachNewThread { [self] in run() }
        } else {
            var byte: UInt8 = 1
            // A full pipe wakes the thread just as well.
            _ = write(wakeUp.write, &byte, 1)
        }
    }

    private func run() {
        var version = -1
        var polled: [pollfd] = []
        while true {
            state.withLock { state in
                guard state.version != version else { return }
                version = state.version
                polled = [pollfd(fd: wakeUp.read, events: Int16(POLLIN), revents: 0)]
                for (descriptor, interest) in state.interests {
                    let events = POLLIN | (interest.wantsWrite ? POLLOUT : 0)
                    polled.append(pollfd(fd: descriptor, events: Int16(events), revents: 0))
                }
            }
            guard poll(&polled, nfds_t(polled.count), -1) > 0 else { continue }
            if polled[0].revents != 0 {
                var bytes: (UInt64, UInt64) = (0, 0)
                while read(wakeUp.read, &bytes, 16) > 0 {}
            }
            for descriptor in polled.dropFirst() where descriptor.revents != 0 {
                let connection = state.withLock { $0.interests[descriptor.fd]?.connection }
                // Whoever is at work on the connection reads what has come; let it.
                if connection?.ready() == false { sched_yield() }
            }
        }
    }
}
