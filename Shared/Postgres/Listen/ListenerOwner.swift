/// Hands what one connection hears to its listener.
final class ListenerOwner: ConnectionOwner {
    private let tell: @Sendable (PostgresListener.Event) -> Void
    private let end: AsyncStream<PostgresError>.Continuation

    init(tell: @escaping @Sendable (PostgresListener.Event) -> Void, end: AsyncStream<PostgresError>.Continuation) {
        self.tell = tell
        self.end = end
    }

    func finished(_ count: Int, on connection: Connection) {}

    func lost(_ connection: Connection, unsent: [Unit], because error: PostgresError) {
        for unit in unsent { unit.finish(.failure(error)) }
        end.yield(error)
        end.finish()
    }

    func notified(channel: String, payload: String) { tell(.notification(channel: channel, payload: payload)) }
}
