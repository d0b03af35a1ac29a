import ClientKit

/// Somebody who stays signed in: takes a new session before the token ends, and ends the one before.
actor Session {
    private let registration: Registration
    private var person: Person
    private var since = ContinuousClock.now

    init(_ name: String, _ surroundings: Surroundings) async throws {
        registration = Registration(email: "\(name)@hearth.example", firstName: "Mira", gateway: surroundings.gateway, mail: surroundings.mail)
        try await registration.register(as: "seeker", firstName: "Mira")
        person = try await registration.confirm(try await registration.confirmationToken())
    }

    var client: HearthClient {
        get async throws {
            if ContinuousClock.now - since > .seconds(300) {
                since = .now
                person = try await person.refreshed()
            }
            return person.client
        }
    }

    /// A session more, which lives for a few requests.
    func signIn() async throws -> Person { try await registration.signIn() }
}
