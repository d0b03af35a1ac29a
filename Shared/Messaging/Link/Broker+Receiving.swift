extension Broker {
    /// Hears one queue that is there already, as it is: without inbox, retries and dead letters. Benchmarks measure the link by it.
    ///
    /// - Parameter deliver: runs on the connection's thread, so it only hands over. What it is given acknowledges the message.
    /// - Returns: what ends it.
    package func receive(
        from queue: String, prefetch: UInt16, deliver: @escaping @Sendable (_ body: [UInt8], _ acknowledge: @escaping @Sendable () -> Void) -> Void
    ) -> @Sendable () -> Void {
        let subscription = Subscription(
            prefetch: prefetch, declare: { _, _ in queue },
            deliver: { message in deliver(message.content.body) { message.acknowledge() } })
        consuming.subscribe(subscription)
        return { self.consuming.unsubscribe(subscription) }
    }
}
