import ClientKit
import Foundation
import Provisioning

/// The broker's own counts, by its management API.
struct BrokerCounts: Sendable {
    struct Queue: Sendable, Decodable {
        var name: String
        /// Nil until the broker has counted.
        var messages: Int?
        var consumers: Int?

        var isDeadLetters: Bool { name.hasSuffix(".dead") }
    }

    /// All that the broker has open and holds.
    struct Overview: Sendable {
        var connections: Int
        var channels: Int
        var queues: Int
        var messages: Int
    }

    private let api: ManagementAPI
    private let vhost: String

    init(_ surroundings: Surroundings) throws {
        api = try ManagementAPI(url: surroundings.managementURL)
        vhost = surroundings.vhost
    }

    /// The queues of Hearth's vhost; nil while the broker does not answer or has not counted all.
    func queues() async throws -> [Queue]? {
        do {
            let queues = try JSONDecoder().decode([Queue].self, from: try await api.send("GET", ["queues", vhost]))
            return queues.contains { $0.messages == nil } ? nil : queues
        } catch is ProvisioningError {
            return nil
        }
    }

    /// Nil while the broker has not counted.
    func overview() async throws -> Overview? {
        struct Answer: Decodable {
            struct Objects: Decodable {
                var connections: Int
                var channels: Int
                var queues: Int
            }
            struct Messages: Decodable { var messages: Int? }
            var object_totals: Objects
            var queue_totals: Messages
        }
        let answer = try JSONDecoder().decode(Answer.self, from: try await api.send("GET", ["overview"]))
        guard let messages = answer.queue_totals.messages else { return nil }
        return Overview(
            connections: answer.object_totals.connections, channels: answer.object_totals.channels, queues: answer.object_totals.queues,
            messages: messages)
    }
}
