import ClientKit
import Foundation

/// The steps of the flow, each told as it happens. The end-to-end tests take the same steps.
struct DemoFlow: Sendable {
    let gateway: HearthClient
    let mail: MailCatcher
    let story: Story
    /// Six digits that make this run's names its own.
    let run: String

    init(gatewayURL: String, mailURL: String, story: Story, run: String = DemoFlow.newRun()) {
        gateway = HearthClient(baseURL: gatewayURL)
        mail = MailCatcher(mailURL)
        self.story = story
        self.run = run
    }

    static func newRun() -> String { String(Int.random(in: 100_000...999_999)) }

    /// Registers, follows the link in the mail, and signs in.
    func arrive(as userType: String, firstName: String, headers: [String: String] = [:]) async throws -> Person {
        try await story.step("\(userType == "agent" ? "An agent" : "A seeker") registers and signs in") { step in
            let registration = Registration(email: "\(userType)-\(run)@hearth.example", firstName: firstName, gateway: gateway, mail: mail)
            try await registration.register(as: userType, firstName: firstName, headers: headers)
            step.say("\(registration.email) has registered and is asked to confirm the address")
            let token = try await registration.confirmationToken()
            step.say("the mail with the link has arrived")
            let person = try await registration.confirm(token)
            step.say("the address is confirmed, the session is \(person.sessionID)")
            return person
        }
    }

    func saveSearch(_ wishes: JSON, of seeker: Person) async throws -> String {
        try await story.step("The seeker saves a search") { step in
            let search = try await seeker.client.post("/v1/search-criteria", wishes, expecting: 201)
            guard let id = search["id"].string else { throw StepFailure("A saved search has no id.") }
            step.say("\"\(search["name"].string ?? "")\": \(Self.words(search))")
            return id
        }
    }

    private static func words(_ search: JSON) -> String {
        func list(_ name: String) -> String { search[name].items.compactMap(\.string).joined(separator: " or ") }
        func number(_ name: String) -> String { search[name].double.map { $0.formatted(.number.grouping(.never)) } ?? "any" }
        let rooms = "\(number("min_rooms")) to \(number("max_rooms")) rooms"
        return "\(list("property_types")) in \(list("preferred_cities")), \(rooms), rent up to \(number("max_rent_netto")) EUR"
    }

    /// Opens the live stream as a browser does, which can send no header: with a ticket for one use.
    func openStream(of seeker: Person) async throws -> LiveStream {
        try await story.step("The seeker opens the live stream") { step in
            let ticket = try await seeker.client.post("/v1/notifications/stream-tickets", [:], expecting: 201)
            guard let text = ticket["ticket"].string else { throw StepFailure("The ticket for the live stream is empty.") }
            let stream = try await LiveStream.open(gateway, "/v1/notifications/stream?last_event_id=0&ticket=\(text)")
            _ = try await Waiting.until("the first byte of the live stream", within: .seconds(5), every: .milliseconds(10)) {
                await stream.firstByteAt
            }
            step.say("it is open and unbuffered")
            return stream
        }
    }

    /// Founds a brokerage, and takes tokens that know of it.
    func foundBrokerage(_ agent: Person) async throws -> Person {
        try await story.step("The agent founds a brokerage") { step in
            let agency = try await agent.client.post("/v1/agencies", ["kind": "brokerage", "name": "Sommer Immobilien \(run)"], expecting: 201)
            step.say("\(agency["name"].string ?? "the brokerage") is founded")
            let owner = try await agent.refreshed()
            step.say("the new token knows it")
            return owner
        }
    }
}
