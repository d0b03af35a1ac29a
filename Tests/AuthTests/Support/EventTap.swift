import Contracts
import Foundation
import Messaging
import ServiceKit
import Synchronization
import TestKit
import Testing

/// Hears what auth says to the other services, as analytics: it alone may hear everything.
final class EventTap: Sendable {
    /// The mails that auth asks of `campaigns`.
    struct Mail: Event {
        static let name = SendEmail.name
        var toEmail: String
        var template: String
        var sealedData: [String: String]
        var subject: UUID { UUID() }

        enum CodingKeys: String, CodingKey {
            case template
            case toEmail = "to_email"
            case sealedData = "sealed_data"
        }
    }

    /// The text messages that auth asks of `alerts`.
    struct TextMessage: Event {
        static let name = SendSMS.name
        var sealedTo: String
        var sealedData: [String: String]
        var subject: UUID { UUID() }

        enum CodingKeys: String, CodingKey {
            case sealedTo = "sealed_to"
            case sealedData = "sealed_data"
        }
    }

    private let heard = Mutex<[any Event]>([])

    func listen(on broadcasts: Broadcasts) {
        hear(Mail.self, broadcasts)
        hear(TextMessage.self, broadcasts)
        for type in Contract.events { hear(type, broadcasts) }
    }

    private func hear<E: Event>(_ type: E.Type, _ broadcasts: Broadcasts) {
        broadcasts.on(type) { [self] event, _ in note(event) }
    }

    /// The names of all that was heard; of `auth.security.noted.v1` with the act after a colon.
    var names: [String] {
        heard.withLock { heard in
            heard.map { event in
                let name = type(of: event).name
                return (event as? SecurityNoted).map { "\(name):\($0.act)" } ?? name
            }
        }
    }

    /// What was heard so far.
    func all<E: Event>(_ type: E.Type) -> [E] { heard.withLock { $0.compactMap { $0 as? E } } }

    /// The first event of the type that fits, as soon as it is heard.
    func first<E: Event>(
        _ type: E.Type = E.self, sourceLocation: SourceLocation = #_sourceLocation, where fits: (E) -> Bool = { _ in true }
    ) async throws -> E {
        let deadline = ContinuousClock.now + .seconds(60)
        while ContinuousClock.now < deadline {
            if let event = all(type).first(where: fits) { return event }
            try await Task.sleep(for: .milliseconds(5))
        }
        return try #require(nil as E?, "no \(E.name) was heard", sourceLocation: sourceLocation)
    }

    private func note(_ event: some Event) { heard.withLock { $0.append(event) } }
}
