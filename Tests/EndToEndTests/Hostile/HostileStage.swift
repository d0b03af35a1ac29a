import ClientKit
import Foundation
import Testing

@testable import Demo

/// Somebody who has one of everything, somebody else who has nothing of it, and the whole interface.
struct HostileStage: Sendable {
    let operations: [Operation]
    /// An agent who has searched, uploaded, scraped and been told.
    let owner: Person
    let stranger: Person

    /// Made once for all suites: it takes a registration, a job and some mails.
    private static let made = Task { try await HostileStage() }
    static func ready() async throws -> HostileStage { try await made.value }

    private init() async throws {
        operations = try await RunningSystem.operations()
        let flow = try RunningSystem.flow()
        let agent = try await flow.foundBrokerage(try await flow.arrive(as: "agent", firstName: "Odo"))
        let tour = try RunningSystem.sampleTour(run: flow.run)
        _ = try await flow.saveSearch(tour.wishes, of: agent)
        try await flow.uploadDocument(of: agent)
        let agency = try await agent.client.get("/v1/agencies")["items"][0]["agency"]["id"]
        let template: JSON = [
            "agency_id": agency, "name": "greeting", "type": "transactional", "category": "welcome", "subject": "Hello",
            "html_content": "<p>Hello</p>",
        ]
        _ = try await agent.client.post("/v1/templates", template, expecting: 201)
        try await RunningSystem.site(tour).serve { site in
            _ = try await flow.scrape([("immoscout", site + "/search/list?pagenumber=1")], by: agent, within: .seconds(60))
        }
        try await Waiting.expect("what the job found being told", within: .seconds(60)) {
            try await agent.client.get("/v1/notifications")["items"].items.count >= 2
        }
        owner = agent
        stranger = try await RunningSystem.flow().arrive(as: "seeker", firstName: "Stan")
    }

    /// The operation's address with an id of the owner's own, so that nothing but the input is wrong; an unknown one where there is none.
    func ownPath(_ operation: Operation) async throws -> String {
        guard let collection = operation.collection else { return operation.path }
        let id = try await Self.ids(collection, of: owner).first
        return operation.path(with: id ?? UUID().uuidString.lowercased())
    }

    /// The ids in a list as somebody sees it; none where the path is no list.
    static func ids(_ collection: String, of person: Person) async throws -> [String] {
        let reply = try await person.client.send("GET", collection + "?limit=100")
        return reply.status == 200 ? reply.json["items"].items.compactMap(id) : []
    }

    /// Of an item, or of what it is about: an agency that one belongs to.
    static func id(_ item: JSON) -> String? {
        item["id"].string ?? item.fields.values.lazy.compactMap { $0["id"].string }.first
    }

    /// Every attack is a clear refusal, and no table has changed by it.
    func expectRefused(
        _ attacks: [Attack], as client: HearthClient? = nil, allowed: Set<Int> = [], sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        let before = try await Ledger.settled()
        let findings = try await Attack.findings(attacks, as: client ?? owner.client, allowed: allowed)
        #expect(
            findings.isEmpty, "\(findings.count) of \(attacks.count): \(findings.prefix(40).joined(separator: "\n"))", sourceLocation: sourceLocation)
        let changes = try await Ledger.settled().changes(since: before)
        #expect(changes.isEmpty, "changed: \(changes.joined(separator: "\n"))", sourceLocation: sourceLocation)
    }
}

extension Sequence {
    func asyncFlatMap<Result>(_ transform: (Element) async throws -> [Result]) async rethrows -> [Result] {
        var results: [Result] = []
        for element in self { results += try await transform(element) }
        return results
    }
}
