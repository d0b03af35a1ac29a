import ClientKit
import Foundation
import Testing

@testable import Demo

extension EndToEnd {
    /// A stranger tries every operation on what is somebody else's.
    @Suite struct OtherPeoplesIDsTests {
        /// Lists of which the owner has something that the stranger's list does not hold. A service that comes later is tried as soon as its list has.
        private static let expected: Set<String> = [
            "/v1/agencies", "/v1/artifacts", "/v1/auth/sessions", "/v1/documents", "/v1/emails", "/v1/notification-channels", "/v1/notifications",
            "/v1/scraping-jobs", "/v1/search-criteria", "/v1/templates",
        ]

        @Test func `what is another's is not found or forbidden, and stays as it is`() async throws {
            let stage = try await HostileStage.ready()
            var tried: Set<String> = []
            var attacks: [Attack] = []
            for (collection, operations) in Dictionary(grouping: stage.operations.filter { $0.collection != nil }, by: { $0.collection ?? "" }) {
                let known = Set(try await HostileStage.ids(collection, of: stage.stranger))
                let ids = try await HostileStage.ids(collection, of: stage.owner).filter { !known.contains($0) }
                if !ids.isEmpty { tried.insert(collection) }
                for id in ids.prefix(5) {
                    attacks += operations.flatMap { Self.attempts($0, id) }
                }
            }
            #expect(tried.isSuperset(of: Self.expected), "without anything of the owner's: \(Self.expected.subtracting(tried))")
            try await stage.expectRefused(attacks, as: stage.stranger.client, allowed: [403, 404])
        }

        @Test func `a list shows nothing of another's, whatever is asked for`() async throws {
            let stage = try await HostileStage.ready()
            let agency = try #require(try await HostileStage.ids("/v1/agencies", of: stage.owner).first)
            let job = try #require(try await HostileStage.ids("/v1/scraping-jobs", of: stage.owner).first)
            let wishes = ["user_id=\(stage.owner.id)", "agency_id=\(agency)", "job_id=\(job)", "entity_id=\(stage.owner.id)"]
            for collection in Self.expected.union(["/v1/analytics/events", "/v1/audit-logs"]) {
                let theirs = Set(try await HostileStage.ids(collection, of: stage.owner))
                let own = Set(try await HostileStage.ids(collection, of: stage.stranger))
                for wish in wishes {
                    let reply = try await stage.stranger.client.send("GET", "\(collection)?\(wish)&limit=100")
                    let seen = Set(reply.json["items"].items.compactMap(HostileStage.id))
                    #expect(seen.isDisjoint(with: theirs.subtracting(own)), "\(collection)?\(wish)")
                    #expect(reply.status == 200 || Refusal.flaw(of: reply) == nil, "\(collection)?\(wish) → \(reply.status)")
                }
            }
        }

        /// With a body that fits, and with none.
        private static func attempts(_ operation: Operation, _ id: String) -> [Attack] {
            let path = operation.path(with: id)
            guard let schema = operation.body, let body = try? Array(JSONEncoder().encode(Sample.value(schema))) else {
                return [Attack(operation, "id \(id)", path: path)]
            }
            return [
                Attack(operation, "id \(id)", path: path, body: body),
                Attack(operation, "id \(id), If-Match", path: path, body: body, headers: ["If-Match": "*"]),
            ]
        }
    }
}
