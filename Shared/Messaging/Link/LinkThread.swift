import DequeModule
import Foundation
import Logging

/// The thread that owns a connection: it carries out orders, reads what the broker says, beats, and connects again with backoff.
///
/// It never busy-waits: with nothing to do it polls the socket and the link's eventfd. librabbitmq beats only inside its calls, so the poll
/// ends after a second at most.
final class LinkThread {
    /// So many messages at most are on their way without a confirmation; more wait here.
    static let confirmWindow = 2048
    private static let publishChannel: UInt16 = 1

    private let link: BrokerLink
    private let url: BrokerURL
    private var connection: AMQPConnection?
    private var generation = 0

    private var waiting: Deque<(batch: PublishBatch, next: Int)> = []
    private var confirms = ConfirmWindow()
    private var isBlocked = false
    private var subscriptions: [Subscription] = []
    private var channels: [UInt16: Channel] = [:]
    private var nextChannel: UInt16 = 2
    private var lastRead = ContinuousClock.now
    private var lastExpiry = ContinuousClock.now

    private final class Channel {
        let subscription: Subscription
        var window = AcknowledgementWindow()
        init(subscription: Subscription) { self.subscription = subscription }
    }

    init(_ link: BrokerLink, url: BrokerURL) {
        self.link = link
        self.url = url
    }

    func run() {
        var failures = 0
        while !link.isStopping {
            var connectedAt: ContinuousClock.Instant?
            do throws(BrokerError) {
                let connection = try connect()
                connectedAt = .now
                try serve(connection)
                connection.close()
            } catch {
                link.logger.log(
                    level: failures == 0 ? .warning : .error, "The broker's connection is gone",
                    metadata: [
                        "purpose": "\(link.purpose)", "host": "\(url.host):\(url.port)", "vhost": "\(url.vhost)", "error": "\(error)",
                    ])
            }
            disconnect()
            if let connectedAt, .now - connectedAt > .seconds(5) { failures = 0 }
            failures += 1
            if !link.isStopping { pause(attempt: failures) }
        }
        handOff(link.takeOrders())
    }

    // MARK: Connecting

    private func connect() throws(BrokerError) -> AMQPConnection {
        let name = "hearth-\(link.configuration.service)-\(link.purpose)-\(ProcessInfo.processInfo.processIdentifier)"
        let connection = try AMQPConnection(url, name: name, heartbeat: link.configuration.heartbeat)
        try connection.openChannel(Self.publishChannel)
        try connection.selectConfirms(Self.publishChannel)
        self.connection = connection
        nextChannel = 2
        lastRead = .now
        for subscription in subscriptions { try begin(subscription, connection) }
        _ = link.setConnected(true)
        generation = link.generation
        return connection
    }

    private func disconnect() {
        // Before anybody hears of a failure: whoever tries again at once must find that there is no connection.
        let left = link.setConnected(false)
        connection = nil
        isBlocked = false
        for channel in channels.values { channel.subscription.onChange(nil) }
        channels = [:]
        confirms.abandon()
        for entry in waiting { entry.batch.abandon() }
        waiting = []
        handOff(left)
    }

    /// What can be done without a connection.
    private func handOff(_ orders: Deque<BrokerLink.Order>) {
        for order in orders {
            switch order {
            case .publish(let batch): batch.abandon()
            case .settle: break
            case .subscribe(let subscription): subscriptions.append(subscription)
            case .unsubscribe(let subscription): subscriptions.removeAll { $0 === subscription }
            case .perform(let body): body(nil)
            }
        }
    }

    /// 100 ms, doubled with every failure up to the maximum, and a random half less, so that copies do not come back all at once.
    private func pause(attempt: Int) {
        let ceiling = min(Double(link.configuration.maximumBackoff.milliseconds), 100 * pow(2, Double(min(attempt, 12) - 1)))
        let end = ContinuousClock.now + .milliseconds(Int64(ceiling * Double.random(in: 0.5...1)))
        while !link.isStopping {
            handOff(link.takeOrders())
            let left = (end - .now).milliseconds
            if left <= 0 { return }
            if link.fallAsleep() { poll(nil, milliseconds: Int32(left)) }
        }
    }

    // MARK: Serving

    private func serve(_ connection: AMQPConnection) throws(BrokerError) {
        var stopBy: ContinuousClock.Instant?
        while true {
            for order in link.takeOrders() { try carryOut(order, connection) }
            try writeMessages(connection)
            try writeAcknowledgements(connection)
            let isReadable = connection.hasBufferedInput || waitForWork(connection)
            if isReadable || .now - lastRead > .seconds(1) { try read(connection) }
            expire()
            if link.isStopping {
                let deadline = stopBy ?? .now + .seconds(5)
                stopBy = deadline
                let isIdle = waiting.isEmpty && confirms.count == 0 && link.fallAsleep()
                link.wakeUp()
                if isIdle || .now > deadline { return }
            }
        }
    }

    private func carryOut(_ order: BrokerLink.Order, _ connection: AMQPConnection) throws(BrokerError) {
        switch order {
        case .publish(let batch): waiting.append((batch, 0))
        case .settle(let channel, let tag, let generation):
            if generation == self.generation { channels[channel]?.window.settle(tag) }
        case .subscribe(let subscription):
            subscriptions.append(subscription)
            try begin(subscription, connection)
        case .unsubscribe(let subscription):
            subscriptions.removeAll { $0 === subscription }
            guard let channel = channels.first(where: { $0.value.subscription === subscription })?.key else { break }
            try connection.cancelConsumer(channel: channel)
            subscription.onChange(nil)
        case .perform(let body): body(connection)
        }
    }

    private func begin(_ subscription: Subscription, _ connection: AMQPConnection) throws(BrokerError) {
        let channel = nextChannel
        nextChannel += 1
        try connection.openChannel(channel)
        if subscription.acknowledges { try connection.setPrefetch(subscription.prefetch, channel: channel) }
        channels[channel] = Channel(subscription: subscription)
        let queue = try subscription.declare(connection, channel)
        try connection.consume(queue, acknowledges: subscription.acknowledges, channel: channel)
        subscription.onChange(queue)
    }

    private func writeMessages(_ connection: AMQPConnection) throws(BrokerError) {
        guard !waiting.isEmpty, !isBlocked, confirms.count < Self.confirmWindow else { return }
        let isMany = waiting.count > 1 || waiting[0].batch.messages.count > 1
        if isMany { connection.cork(true) }
        while let (batch, first) = waiting.first, confirms.count < Self.confirmWindow {
            var index = first
            while index < batch.messages.count, confirms.count < Self.confirmWindow {
                try connection.publish(batch.messages[index], channel: Self.publishChannel)
                confirms.append(index, of: batch)
                index += 1
            }
            if index == batch.messages.count { waiting.removeFirst() } else { waiting[0].next = index }
        }
        if isMany { connection.cork(false) }
    }

    private func writeAcknowledgements(_ connection: AMQPConnection) throws(BrokerError) {
        for (number, channel) in channels where channel.window.hasSettled {
            let frames = channel.window.flush()
            // The library writes each frame by itself.
            if frames.count > 1 { connection.cork(true) }
            for frame in frames { try connection.acknowledge(frame.tag, multiple: frame.multiple, channel: number) }
            if frames.count > 1 { connection.cork(false) }
        }
    }

    /// Sleeps until the socket can be read, something is ordered, or it is time to beat. True when the socket can be read.
    private func waitForWork(_ connection: AMQPConnection) -> Bool {
        guard link.fallAsleep() else { return poll(connection.descriptor, milliseconds: 0) }
        defer { link.wakeUp() }
        return poll(connection.descriptor, milliseconds: link.isStopping ? 50 : confirms.count > 0 ? 250 : 1000)
    }

    @discardableResult
    private func poll(_ socket: Int32?, milliseconds: Int32) -> Bool {
        var descriptors = [pollfd(fd: link.wakeup, events: Int16(POLLIN), revents: 0)]
        if let socket { descriptors.append(pollfd(fd: socket, events: Int16(POLLIN), revents: 0)) }
        guard Foundation.poll(&descriptors, nfds_t(descriptors.count), milliseconds) > 0 else { return false }
        if descriptors[0].revents != 0 {
            var count: UInt64 = 0
            _ = Foundation.read(link.wakeup, &count, 8)
        }
        return socket != nil && descriptors[1].revents != 0
    }

    private func read(_ connection: AMQPConnection) throws(BrokerError) {
        lastRead = .now
        repeat {
            guard let event = try connection.nextEvent() else { break }
            try handle(event, connection)
        } while connection.hasBufferedInput
        connection.releaseBuffers()
    }

    private func handle(_ event: AMQPEvent, _ connection: AMQPConnection) throws(BrokerError) {
        switch event {
        case .confirmed(let tag, let multiple, let taken): confirms.confirm(tag, multiple: multiple, taken: taken)
        case .returned(let message, _): confirms.markReturned(message.messageID)
        case .blocked(let isBlocked):
            self.isBlocked = isBlocked
            link.logger.warning(isBlocked ? "The broker takes no messages for now" : "The broker takes messages again")
        case .consumerCancelled(let channel):
            guard let subscription = channels[channel]?.subscription, subscriptions.contains(where: { $0 === subscription }) else { return }
            throw .disconnected("the broker ended a consumer")
        case .delivered(let channel, let message):
            guard let subscription = channels[channel]?.subscription else { return }
            if subscription.acknowledges { channels[channel]?.window.deliver(message.deliveryTag) }
            subscription.deliver(IncomingMessage(content: message, link: link, channel: channel, generation: generation))
        case .partial: break
        }
    }

    private func expire() {
        let now = ContinuousClock.now
        guard now - lastExpiry > .milliseconds(200) else { return }
        lastExpiry = now
        confirms.expire(now)
        for entry in waiting where entry.batch.deadline <= now { entry.batch.abandon() }
        waiting.removeAll { $0.batch.deadline <= now }
    }
}
