import ClientKit
import Contracts
import Foundation
import Messaging
import Testing

@testable import Demo

extension EndToEnd {
    /// Messages that cannot be processed, in the queue of a service that runs, and the operator's tool.
    @Suite struct DeadLetterTests {
        private static let queue = Topology.queue(of: "alerts")

        @Test func `poison is parked with its reason while others flow, is shown and dropped, and works when it is replayed after the mend`()
            async throws
        {
            try await RunningSystem.complete()
            #expect(try await RunningSystem.hearthctl("dead-letters", "drop", "alerts", "--all").status == 0)
            let flow = try RunningSystem.flow()
            let seeker = try await flow.arrive(as: "seeker", firstName: "Mira")
            let user = try #require(UUID(uuidString: seeker.id))
            // Something that somebody deleted by hand: every match of this person fails for want of it.
            try await Waiting.expect("alerts knowing the seeker", within: .seconds(60)) {
                try await RunningSystem.number(
                    "WITH gone AS (DELETE FROM alerts.recipients WHERE user_id = \(user) RETURNING 1) SELECT count(*) FROM gone") == 1
            }

            let (broken, misfit, failing) = (UUID(), UUID(), UUID())
            try await put("{broken", id: broken)
            try await put(envelope(misfit, #"{"user_id":"\#(user)","listing":13}"#), id: misfit)
            // It has failed four times already: the next time is the last.
            try await put(envelope(failing, try match(for: user)), id: failing, headers: ["x-hearth-attempts": "4"])
            try await expectOthersFlow()

            let list = try await Waiting.until("three dead letters", within: .seconds(60)) {
                let words = try await RunningSystem.hearthctl("dead-letters", "list", "alerts").words
                return [broken, misfit, failing].allSatisfy { words.contains(name($0)) } ? words : nil
            }
            #expect(try line(broken, in: list).contains("unprocessable: broken JSON"))
            #expect(try line(misfit, in: list).contains("unprocessable: data does not fit \(ListingMatched.name)"))
            #expect(try line(failing, in: list).contains("retries exhausted: UnknownRecipient"))
            let shown = try await RunningSystem.hearthctl("dead-letters", "show", "alerts", name(failing))
            #expect(shown.status == 0)
            #expect(shown.words.contains("UnknownRecipient") && shown.words.lowercased().contains(seeker.id.lowercased()))

            // Replayed too early it comes back; after the mend it works, once.
            try await mend(seeker)
            #expect(try await RunningSystem.hearthctl("dead-letters", "replay", "alerts", name(failing)).words.contains("1 replayed"))
            try await Waiting.expect("the notification", within: .seconds(60)) {
                try await seeker.client.get("/v1/notifications?limit=100")["items"].items.count == 1
            }
            try await Waiting.expect("its mail", within: .seconds(60)) { try await flow.mail.count(to: seeker.email) == 2 }
            #expect(try await RunningSystem.hearthctl("dead-letters", "drop", "alerts", name(broken)).words.contains("1 dropped"))
            #expect(try await RunningSystem.hearthctl("dead-letters", "drop", "alerts", "--all").words.contains("1 dropped"))
            #expect(try await RunningSystem.hearthctl("dead-letters", "list", "alerts").words.contains("has parked nothing"))
            #expect(try await RunningSystem.hearthctl("dead-letters", "replay", "alerts", name(broken)).status != 0)
        }

        /// As auth tells of every change of a person.
        private func mend(_ seeker: Person) async throws {
            let path = "/v1/users/me"
            let tag = try #require(try await seeker.client.send("GET", path).headers["etag"])
            let reply = try await seeker.client.send("PATCH", path, json: ["first_name": "Mirabelle"], headers: ["If-Match": tag])
            #expect(reply.status == 200, "\(reply.reason)")
            let user = try #require(UUID(uuidString: seeker.id))
            try await Waiting.expect("alerts knowing the seeker again", within: .seconds(60)) {
                try await RunningSystem.number("SELECT count(*) FROM alerts.recipients WHERE user_id = \(user)") == 1
            }
        }

        /// Somebody else registers meanwhile, and alerts takes note of it.
        private func expectOthersFlow() async throws {
            let other = try await RunningSystem.flow().arrive(as: "seeker", firstName: "Jonas")
            let user = try #require(UUID(uuidString: other.id))
            try await Waiting.expect("alerts knowing somebody else", within: .seconds(60)) {
                try await RunningSystem.number("SELECT count(*) FROM alerts.recipients WHERE user_id = \(user)") == 1
            }
        }

        private func name(_ id: UUID) -> String { id.uuidString.lowercased() }

        private func line(_ id: UUID, in list: String) throws -> Substring {
            try #require(list.split(separator: "\n").first { $0.contains(name(id)) })
        }

        private func envelope(_ id: UUID, _ data: String) -> String {
            """
            {"specversion":"1.0","id":"\(name(id))","source":"/hearth/catalog","type":"\(ListingMatched.name)",
             "time":"\(Date().formatted(.iso8601))","datacontenttype":"application/json","data":\(data)}
            """
        }

        /// The contract's own sample, for this person.
        private func match(for user: UUID) throws -> String {
            let file = RunningSystem.root.appendingPathComponent("Tests/ContractsTests/Golden/\(ListingMatched.name).json")
            var sample = try #require(try JSONSerialization.jsonObject(with: Data(contentsOf: file)) as? [String: Any])
            sample["user_id"] = user.uuidString
            return String(decoding: try JSONSerialization.data(withJSONObject: sample), as: UTF8.self)
        }

        private struct Publication: Encodable {
            struct Properties: Encodable {
                var messageID: String
                var deliveryMode = 2
                var headers: [String: String]
                enum CodingKeys: String, CodingKey {
                    case headers
                    case messageID = "message_id"
                    case deliveryMode = "delivery_mode"
                }
            }
            var properties: Properties
            var routingKey: String
            var payload: String
            var payloadEncoding = "string"
            enum CodingKeys: String, CodingKey {
                case properties, payload
                case routingKey = "routing_key"
                case payloadEncoding = "payload_encoding"
            }
        }

        /// Straight into the queue, as the broker's administrator.
        private func put(_ body: String, id: UUID, headers: [String: String] = [:]) async throws {
            let publication = Publication(properties: .init(messageID: name(id), headers: headers), routingKey: Self.queue, payload: body)
            let answer = try await RunningSystem.management()
                .send("POST", ["exchanges", RunningSystem.vhost(), "amq.default", "publish"], body: publication)
            #expect(String(decoding: answer, as: UTF8.self).contains("true"), "routed")
        }
    }
}
