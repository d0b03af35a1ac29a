import Contracts
import Foundation
import Messaging
import Postgres
import Testing

/// Speaks on the broker as one of the services, with that service's rights.
///
///     try await service.speaking(as: .catalog) { catalog in
///         try await catalog.say(ListingMatched(…))
///     }
public struct TestSpeaker: Sendable {
    private let broker: Broker
    private let service: ServiceName

    init(_ broker: Broker, _ service: ServiceName) {
        self.broker = broker
        self.service = service
    }

    /// Publishes an event and waits for the broker's confirmation. The same `id` and `time` again is the same message delivered again.
    public func say(_ event: some Event, id: UUID = .v7(), at time: Date = Date(), origin: Origin = Origin()) async throws {
        try await publish(event, about: event.subject, id: id, at: time, origin: origin)
    }

    /// The same for a command.
    public func ask(_ command: some Command, id: UUID = .v7()) async throws {
        try await publish(command, about: command.subject, id: id, at: Date(), origin: Origin())
    }

    private func publish(_ message: some Message, about subject: UUID, id: UUID, at time: Date, origin: Origin) async throws {
        let envelope = Envelope(
            source: "/hearth/\(service.rawValue)", id: id, type: Swift.type(of: message).name, time: time, subject: subject,
            actorID: origin.actorID, agencyID: origin.agencyID, sessionID: origin.sessionID, requestID: origin.requestID, clientIP: origin.clientIP,
            userAgent: origin.userAgent, data: message)
        try await broker.publish(
            OutgoingMessage(
                exchange: Topology.events, routingKey: envelope.type, body: Array(try JSONEncoder.hearth.encode(envelope)),
                messageID: id.uuidString.lowercased(), mandatory: true))
    }

    private struct Envelope<Payload: Encodable>: Encodable {
        var specversion = "1.0"
        var datacontenttype = "application/json"
        var source: String
        var id: UUID
        var type: String
        var time: Date
        var subject: UUID
        var actorID: UUID?
        var agencyID: UUID?
        var sessionID: UUID?
        var requestID: String?
        var clientIP: String?
        var userAgent: String?
        var data: Payload

        enum CodingKeys: String, CodingKey {
            case specversion, datacontenttype, source, id, type, time, subject, data
            case actorID = "actorid"
            case agencyID = "agencyid"
            case sessionID = "sessionid"
            case requestID = "requestid"
            case clientIP = "clientip"
            case userAgent = "useragent"
        }
    }
}

extension TestService {
    /// Connects to the service's vhost as another service for as long as `body` takes, once the service hears.
    public func speaking<Result: Sendable>(as other: ServiceName, _ body: (TestSpeaker) async throws -> Result) async throws -> Result {
        try await eventually { platform.consumer.isSubscribed && platform.broadcasts.isSubscribed }
        return try await announcing(as: other, body)
    }

    /// The same without waiting for the service, which may have no consumer.
    public func announcing<Result: Sendable>(as other: ServiceName, _ body: (TestSpeaker) async throws -> Result) async throws -> Result {
        try await broker.connected(other, logger: TestDatabase.logger) { broker in try await body(TestSpeaker(broker, other)) }
    }
}
