/// Declares what one service owns. The same declaration as before changes nothing.
///
/// Everything is a quorum queue whose dead-lettering is at-least-once, which needs `reject-publish`. The delivery limit is generous and counts
/// only lost deliveries (a crash, a lost connection): one that brings its process down again and again is parked and not lost.
struct ServiceQueues: Sendable {
    let service: String
    let retry: RetryPolicy

    func declare(_ routingKeys: [String], _ connection: AMQPConnection, _ channel: UInt16) throws(BrokerError) {
        let delivery = Topology.delivery(of: service)
        let dead = Topology.deadLetters(of: service)
        let work = Topology.queue(of: service)
        try connection.requireExchange(Topology.events, channel: channel)
        try connection.declareExchange(delivery, type: "direct", channel: channel)

        try connection.declareQueue(dead, arguments: [("x-queue-type", .text("quorum"))], channel: channel)
        try connection.bind(dead, to: delivery, key: Topology.deadKey, channel: channel)

        for delay in retry.delays {
            let queue = Topology.retry(of: service, after: delay)
            let arguments = deadLettering(to: Topology.workKey) + [("x-message-ttl", .integer(delay.milliseconds))]
            try connection.declareQueue(queue, arguments: arguments, channel: channel)
            try connection.bind(queue, to: delivery, key: queue, channel: channel)
        }

        let arguments = deadLettering(to: Topology.deadKey) + [("x-delivery-limit", .integer(20))]
        try connection.declareQueue(work, arguments: arguments, channel: channel)
        try connection.bind(work, to: delivery, key: Topology.workKey, channel: channel)
        for key in routingKeys { try connection.bind(work, to: Topology.events, key: key, channel: channel) }
    }

    private func deadLettering(to key: String) -> [(String, AMQPField)] {
        [
            ("x-queue-type", .text("quorum")), ("x-overflow", .text("reject-publish")),
            ("x-dead-letter-exchange", .text(Topology.delivery(of: service))), ("x-dead-letter-routing-key", .text(key)),
            ("x-dead-letter-strategy", .text("at-least-once")),
        ]
    }
}
