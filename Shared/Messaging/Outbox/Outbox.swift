import Foundation
import Postgres
import ServiceContextModule

extension Transaction {
    /// Puts an event into the outbox of the service's schema, in this transaction. The relay sends it after the commit.
    ///
    /// Call it after the change it tells of: the aggregate's row lock is what orders its events.
    public func publish(_ event: some Event) async throws { try await publish([event]) }

    /// Several events in one statement, in order.
    public func publish(_ events: [any Event]) async throws { try await publish(events.map { (event: $0, cause: nil) }) }

    /// Events that several deliveries have caused, handled in one transaction: each has the origin and the trace of its cause.
    public func publish(_ events: [(event: any Event, cause: Delivery?)]) async throws {
        try await enqueue(
            events.map { event, cause in
                try ServiceContext.$current.withValue(cause?.context ?? ServiceContext.current) {
                    try OutboxEntry(
                        CloudEvent(event, subject: event.subject, aggregateVersion: event.aggregateVersion), subject: event.subject,
                        lanes: OutboxLane.events)
                }
            })
    }

    /// Puts a command to another service into the outbox. It waits there until that service's queue exists.
    public func send(_ command: some Command) async throws {
        try await enqueue([
            try OutboxEntry(CloudEvent(command, subject: command.subject), subject: command.subject, lanes: OutboxLane.commands)
        ])
    }

    private func enqueue(_ entries: [OutboxEntry]) async throws {
        guard !entries.isEmpty else { return }
        // `current_schema()` is the service: it becomes the event's source.
        try await execute(
            """
            INSERT INTO outbox (lane, message_id, subject, type, body)
            SELECT lane, message_id, subject, type, '{"source":"/hearth/' || current_schema() || '",' || body
            FROM unnest(
                \(entries.map(\.lane))::int[], \(entries.map(\.id))::uuid[], \(entries.map(\.subject))::uuid[],
                \(entries.map(\.type))::text[], \(entries.map(\.body))::text[]
            ) WITH ORDINALITY AS entry (lane, message_id, subject, type, body, position)
            ORDER BY position
            """)
        signal(OutboxRelay.signal)
    }
}

/// One row to be.
private struct OutboxEntry {
    var lane: Int
    var id: UUID
    var subject: UUID
    var type: String
    var body: String

    init(_ event: CloudEvent, subject: UUID, lanes: ClosedRange<Int>) throws {
        lane = OutboxLane.of(subject, in: lanes)
        id = event.id
        self.subject = subject
        type = event.type
        body = try event.unsourcedJSON()
    }
}

/// The lanes of the outbox: hashes of the aggregate, each sent in order under one lock.
enum OutboxLane {
    static let events = 0...15
    /// Commands have lanes of their own, as one whose receiver has no queue yet waits, and must not hold up events.
    static let commands = 16...31

    /// The same in every process and version: copies share lanes.
    static func of(_ subject: UUID, in lanes: ClosedRange<Int>) -> Int {
        lanes.lowerBound + Int(subject.stableHash % UInt64(lanes.count))
    }
}

extension UUID {
    /// FNV-1a over the bytes; unlike `hashValue` the same everywhere.
    var stableHash: UInt64 {
        withUnsafeBytes(of: uuid) { bytes in
            var hash: UInt64 = 0xCBF2_9CE4_8422_2325
            for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
            // FNV's low bits depend on the low bits of the input alone.
            return hash ^ hash >> 32
        }
    }
}
