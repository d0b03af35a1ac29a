import Foundation
import Postgres

/// The envelope of a message that has arrived: the CloudEvents 1.0 attributes and Hearth's extensions.
///
/// Retries and several relays may reorder messages, so a handler that keeps a copy of an aggregate lets only newer versions in:
/// `… ON CONFLICT (id) DO UPDATE SET … WHERE copies.version < excluded.version`, with the event's version.
public struct Delivery: Sendable {
    public var id: UUID
    /// `/hearth/<service>`: who sent it.
    public var source: String
    public var type: String
    public var subject: UUID?
    /// When it was put into the outbox; the same at every delivery.
    public var time: Date
    public var aggregateVersion: Int64?
    /// W3C trace context.
    public var traceparent: String?
    /// Who caused it, as known where it began.
    public var origin: Origin
    /// The `data` member as JSON.
    public var data: [UInt8]
    /// 1 for the first time, then counted up by the retry mechanism.
    public var attempt: Int

    public init(
        id: UUID, source: String, type: String, subject: UUID?, time: Date, aggregateVersion: Int64? = nil, traceparent: String? = nil,
        origin: Origin = Origin(), data: [UInt8], attempt: Int = 1
    ) {
        self.id = id
        self.source = source
        self.type = type
        self.subject = subject
        self.time = time
        self.aggregateVersion = aggregateVersion
        self.traceparent = traceparent
        self.origin = origin
        self.data = data
        self.attempt = attempt
    }

    /// The data as a message. Fields that `Body` does not know are ignored. Throws `Unprocessable` when it does not fit: it never will.
    public func decode<Body: Decodable>(_ type: Body.Type) throws -> Body {
        do {
            return try JSONDecoder.hearth.decode(type, from: Data(data))
        } catch let error as DecodingError {
            throw Unprocessable("data does not fit \(self.type): \(error.place)")
        }
    }
}

extension DecodingError {
    /// Where it went wrong, without any of the content.
    var place: String {
        let (what, context): (String, Context) =
            switch self {
            case .keyNotFound(let key, let context): ("no \(key.stringValue)", context)
            case .typeMismatch(let type, let context): ("not \(type)", context)
            case .valueNotFound(let type, let context): ("null, not \(type)", context)
            case .dataCorrupted(let context): ("corrupted", context)
            @unknown default: ("unreadable", Context(codingPath: [], debugDescription: ""))
            }
        let path = context.codingPath.map(\.stringValue).joined(separator: ".")
        return path.isEmpty ? what : "\(what) at \(path)"
    }
}
