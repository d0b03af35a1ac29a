import Foundation

/// Something sent over the broker. `name` is the routing key and the CloudEvents type, version included: `catalog.listing.created.v1`. Its first
/// part is the service that owns it. JSON keys are snake_case.
public protocol Message: Codable, Sendable {
    static var name: String { get }
}

/// A fact in the past tense. Goes to `hearth.events`; anyone may listen; only the owner publishes.
public protocol Event: Message {
    /// The aggregate this is about: events of one aggregate keep their order.
    var subject: UUID { get }
    /// The version of the aggregate after the change, when it has one; a consumer ignores an event older than what it has.
    var aggregateVersion: Int64? { get }
}

extension Event {
    public var aggregateVersion: Int64? { nil }
}

/// A request to one service, its owner, that needs no answer. Goes to `hearth.events` as well, published by the services in `senders`.
public protocol Command: Message {
    static var senders: [String] { get }
    /// Commands with one subject keep their order.
    var subject: UUID { get }
}

/// A request whose answer is needed now. Goes to `hearth.requests`, the answer comes over `hearth.replies`.
public protocol Request: Message {
    associatedtype Response: Codable & Sendable
    static var senders: [String] { get }
}
