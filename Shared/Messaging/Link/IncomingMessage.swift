/// A message delivered on a link, to be acknowledged there.
struct IncomingMessage: Sendable {
    let content: AMQPMessage
    let link: BrokerLink
    let channel: UInt16
    /// Which of the link's connections delivered it.
    let generation: Int

    /// False once the connection that delivered it is gone: the broker delivers it again.
    var isCurrent: Bool { link.generation == generation }

    /// Tells the broker to forget the message. Without effect when it is not current.
    func acknowledge() { link.settle(self) }
}
