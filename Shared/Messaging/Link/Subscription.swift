/// A consumer on one channel: how its queue is declared, and what happens to what it hears. It is set up again after each reconnect.
final class Subscription: Sendable {
    let prefetch: UInt16
    /// False: the broker forgets a message as soon as it is sent.
    let acknowledges: Bool
    /// Declares what is needed and returns the queue's name. Runs on the connection's thread.
    let declare: @Sendable (AMQPConnection, _ channel: UInt16) throws(BrokerError) -> String
    /// Runs on the connection's thread, so it only hands over.
    let deliver: @Sendable (IncomingMessage) -> Void
    /// Subscribed, or not any more.
    let onChange: @Sendable (_ queue: String?) -> Void

    init(
        prefetch: UInt16 = 64, acknowledges: Bool = true,
        declare: @escaping @Sendable (AMQPConnection, _ channel: UInt16) throws(BrokerError) -> String,
        deliver: @escaping @Sendable (IncomingMessage) -> Void, onChange: @escaping @Sendable (_ queue: String?) -> Void = { _ in }
    ) {
        self.prefetch = prefetch
        self.acknowledges = acknowledges
        self.declare = declare
        self.deliver = deliver
        self.onChange = onChange
    }
}
