import Foundation

/// The names of everything on the broker, and the rules by which they are made.
///
/// Provisioning makes the three shared exchanges; a service only looks whether they are there. What a service owns begins with
/// `hearth.<service>`, followed by nothing or a dot, so its broker user is allowed `^hearth\.<service>(\..*)?$` and nothing more.
public enum Topology {
    /// The topic exchange of all events and commands; the routing key is the message's name.
    public static let events = "hearth.events"
    /// The topic exchange of requests; the routing key is the request's name.
    public static let requests = "hearth.requests"
    /// The topic exchange of answers; the routing key begins with the asking service.
    public static let replies = "hearth.replies"
    /// The three topic exchanges that all services share.
    public static let sharedExchanges = [events, requests, replies]

    /// The quorum queue of everything a service hears.
    public static func queue(of service: String) -> String { "hearth.\(service)" }
    /// Where messages are parked, with the reason in `x-hearth-reason`.
    public static func deadLetters(of service: String) -> String { "hearth.\(service).dead" }
    /// The exchange of a service through which a delayed message comes back to its queue (`work`) or is parked (`dead`).
    public static func delivery(of service: String) -> String { "hearth.\(service).delivery" }
    /// Where a message waits before it comes back.
    public static func retry(of service: String, after delay: Duration) -> String {
        let milliseconds = delay.milliseconds
        let label = milliseconds.isMultiple(of: 1000) ? "\(milliseconds / 1000)s" : "\(milliseconds)ms"
        return "hearth.\(service).retry.\(label)"
    }
    /// The queue of requests that a service answers.
    public static func requests(of service: String) -> String { "hearth.\(service).requests" }
    /// The routing key of answers to one process.
    public static func replyKey(of service: String, process: UUID) -> String { "\(service).\(process.uuidString.lowercased())" }
    /// The queue on which one process hears its answers.
    public static func replies(of service: String, process: UUID) -> String { "hearth.\(service).replies.\(process.uuidString.lowercased())" }
    /// The queue on which one process hears what must reach every copy.
    public static func copy(of service: String, process: UUID) -> String { "hearth.\(service).copy.\(process.uuidString.lowercased())" }

    /// The routing key, on a service's delivery exchange, of its queue.
    public static let workKey = "work"
    /// The routing key, on a service's delivery exchange, of its dead letters.
    public static let deadKey = "dead"
}

extension Duration {
    var milliseconds: Int64 { components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000 }
}
