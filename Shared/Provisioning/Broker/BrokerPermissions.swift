import Contracts
import Messaging

/// What one service's broker user may do, as RabbitMQ's regular expressions: everything with its own names, and with the shared exchanges only
/// what `Contract` says.
public struct BrokerPermissions: Sendable, Equatable {
    /// Queues and exchanges that it may declare and delete: its own.
    public let configure: String
    /// What it may publish to or bind from: its own, and the shared exchanges, where `topics` narrows it to routing keys.
    public let write: String
    /// What it may consume from, and the exchanges that it may bind its queues to.
    public let read: String
    /// Routing keys by exchange.
    public let topics: [Topic]

    /// The routing keys that may be published to, and bound from, one exchange.
    public struct Topic: Sendable, Equatable {
        public let exchange: String
        public let write: String
        public let read: String
    }

    public init(_ service: ServiceName) {
        let name = service.rawValue
        let own = "hearth\\.\(name)(\\..*)?"
        configure = "^\(own)$"
        write = "^(\(own)|hearth\\.(events|requests|replies))$"
        read = write
        topics = [Self.events(service), Self.requests(name), Self.replies(name)]
    }

    /// The name of a service's user.
    public static func user(_ service: ServiceName) -> String { "hearth_\(service.rawValue)" }

    /// Out go facts of its own alone, and the commands that name it as a sender. It hears what `Hearing` says, and itself.
    private static func events(_ service: ServiceName) -> Topic {
        let own = "\(service.rawValue)\\..*"
        let commands = Contract.commands.filter { $0.senders.contains(service.rawValue) }.map { escape($0.name) }
        let hearing = Hearing(service)
        let heard = hearing.byOneCopy.union(hearing.byEveryCopy).sorted().map(escape)
        let read = hearing.byOneCopy.contains(Hearing.everything) ? ".*" : alternatives([own] + heard)
        return Topic(exchange: Topology.events, write: alternatives([own] + commands), read: read)
    }

    /// Questions that name it as a sender go out; those asked of it come in.
    private static func requests(_ service: String) -> Topic {
        let asked = Contract.requests.filter { $0.senders.contains(service) }.map { escape($0.name) }
        return Topic(exchange: Topology.requests, write: alternatives(asked), read: "^\(service)\\..*$")
    }

    /// Answers go to those who may ask; each hears only its own.
    private static func replies(_ service: String) -> Topic {
        let askers = Contract.requests.filter { $0.name.hasPrefix(service + ".") }.flatMap { $0.senders }
        let keys = Set(askers).sorted().map { "\($0)\\..*" }
        return Topic(exchange: Topology.replies, write: alternatives(keys), read: "^\(service)\\..*$")
    }

    /// `^$` when there are none: it matches no key that is in use.
    private static func alternatives(_ patterns: [String]) -> String {
        patterns.isEmpty ? "^$" : "^(\(patterns.joined(separator: "|")))$"
    }

    private static func escape(_ name: String) -> String { name.replacing(".", with: "\\.") }
}
