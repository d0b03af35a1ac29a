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
            let email = "\(userType)-\(run)@hearth.example"
            let password = "\(firstName) \(UUID().uuidString.prefix(18))"
            let registration: JSON = [
                "email": .text(email), "password": .text(password), "first_name": .text(firstName), "last_name": "Sommer",
                "user_type": .text(userType), "locale": "de-DE", "consents": ["gdpr": true, "data_processing": true],
            ]
            _ = try await gateway.send("POST", "/v1/auth/register", json: registration, headers: headers).expecting(202, "POST /v1/auth/register")
            step.say("\(email) has registered and is asked to confirm the address")
            let token = try await confirmation(to: email)
            step.say("the mail with the link has arrived")
            _ = try await gateway.post("/v1/auth/verify-email", ["token": .text(token)], expecting: 204)
            let person = try await Person.signIn(email, password: password, at: gateway)
            step.say("the address is confirmed, the session is \(person.sessionID)")
            return person
        }
    }

    private func confirmation(to email: String) async throws -> String {
        let link = /\/v1\/auth\/verify-email\?token=([A-Za-z0-9_-]+)/
        let mail = try await mail.wait(for: "the mail that confirms an address", to: email) { ($0.text ?? "").contains(link) }
        guard let token = (mail.text ?? "").firstMatch(of: link)?.1 else { throw DemoFailure("The mail that confirms an address has no link.") }
        return String(token)
    }

    func saveSearch(_ wishes: JSON, of seeker: Person) async throws -> String {
        try await story.step("The seeker saves a search") { step in
            let search = try await seeker.client.post("/v1/search-criteria", wishes, expecting: 201)
            guard let id = search["id"].string else { throw DemoFailure("A saved search has no id.") }
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
            guard let text = ticket["ticket"].string else { throw DemoFailure("The ticket for the live stream is empty.") }
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
