import Foundation
import Hummingbird
import NIOCore
import Postgres

/// One live stream in the form of server-sent events: each notification once, in the order of its sequence, a comment when nothing
/// happens for a while, and the end of the token is the end of the stream.
struct EventStream: Sendable {
    let admission: Admission
    let subscription: LiveStreams.Subscription
    let notifications: NotificationStore
    let beat: Duration
    /// The sequence that the client has seen last.
    let start: Int64

    private enum Tick { case wake, beat, end }

    func write(to writer: inout some ResponseBodyWriter) async throws {
        // Tells the browser how long to wait before it comes back, and opens the stream for proxies that wait for a first byte.
        try await writer.write(ByteBuffer(string: "retry: 3000\n: hearth\n\n"))
        var last = start
        try await flush(&last, to: &writer)
        for await tick in ticks() {
            switch tick {
            case .wake: try await flush(&last, to: &writer)
            case .beat: try await writer.write(ByteBuffer(string: ": beat\n\n"))
            case .end:
                try await writer.write(ByteBuffer(string: "event: end\ndata: {}\n\n"))
                return
            }
        }
    }

    private func flush(_ last: inout Int64, to writer: inout some ResponseBodyWriter) async throws {
        while true {
            let news = try await notifications.after(last, of: admission.userID)
            for notification in news {
                guard let sequence = notification.sequence else { continue }
                let data = try JSONEncoder.hearth.encode(notification)
                var buffer = ByteBuffer(string: "id: \(sequence)\nevent: notification\ndata: ")
                buffer.writeBytes(data)
                buffer.writeString("\n\n")
                try await writer.write(buffer)
                last = sequence
            }
            if news.count < 100 { return }
        }
    }

    /// Wakes and beats as one sequence; it ends when the session is ended from outside, after `.end` when the token ends by itself.
    private func ticks() -> AsyncStream<Tick> {
        let (stream, continuation) = AsyncStream.makeStream(of: Tick.self, bufferingPolicy: .bufferingNewest(4))
        // A client that reads slowly lets ticks pile up: beats may be lost, news not.
        @Sendable func offer(_ tick: Tick) {
            if case .dropped(.wake) = continuation.yield(tick) { continuation.yield(.wake) }
        }
        let task = Task {
            await withTaskGroup(of: Void.self) { group in
                group.addTask {
                    for await _ in subscription.wakes { offer(.wake) }
                }
                group.addTask {
                    while !Task.isCancelled {
                        let left = admission.expiresAt.timeIntervalSinceNow
                        guard left > 0 else {
                            continuation.yield(.end)
                            return
                        }
                        do { try await Task.sleep(for: min(beat, .seconds(left))) } catch { return }
                        if admission.expiresAt > Date() { offer(.beat) }
                    }
                }
                await group.next()
                group.cancelAll()
            }
            continuation.finish()
        }
        continuation.onTermination = { _ in task.cancel() }
        return stream
    }
}
