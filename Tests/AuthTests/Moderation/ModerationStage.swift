import Contracts
import Foundation
import NIOHTTP1
import ServiceKit
import TestKit
import Testing

@testable import Auth

/// People, a moderator and an administrator.
struct ModerationStage: Sendable {
    let auth: AuthTest
    let moderator: SignIn
    let administrator: SignIn
    let person: SignIn

    static func with(settings: [String: String] = [:], _ body: @escaping @Sendable (ModerationStage) async throws -> Void) async throws {
        let settings = ["MODERATION_EXPIRY_PAUSE": "50ms"].merging(settings) { _, given in given }
        try await AuthTest.with(settings: settings) { auth in
            let stage = ModerationStage(
                auth: auth, moderator: try await staff("moderator", auth), administrator: try await staff("administrator", auth),
                person: try await auth.signedIn("person@example.org"))
            try await body(stage)
        }
    }

    private static func staff(_ role: String, _ auth: AuthTest) async throws -> SignIn {
        #expect(try await auth.register("\(role)@example.org").status == 202)
        _ = try await auth.sql("UPDATE users SET role = \(role) WHERE email = \("\(role)@example.org")")
        return try await auth.login("\(role)@example.org").json()
    }

    func post(_ path: String, _ body: some Encodable, as who: SignIn) async throws -> TestResponse {
        try await auth.service.post(path, body, headers: auth.headers(who))
    }

    func get(_ path: String, as who: SignIn) async throws -> TestResponse {
        try await auth.service.get(path, headers: auth.headers(who))
    }

    /// A body as it stands.
    func patch(_ path: String, _ body: String, as who: SignIn) async throws -> TestResponse {
        var headers = auth.headers(who)
        headers.add(name: "Content-Type", value: "application/json")
        return try await auth.service.request(.PATCH, path, body: Array(body.utf8), headers: headers)
    }

    /// Files a report of a listing, or of somebody.
    func report(_ entity: UUID = .v7(), type: String = "listing", category: String = "scam", as who: SignIn? = nil) async throws -> TestResponse {
        try await post(
            "/v1/moderation/reports",
            [
                "reported_entity_type": type, "reported_entity_id": entity.uuidString, "category": category, "title": "Look at this",
                "description": "It is not what it says.",
            ], as: who ?? person)
    }

    func filed(_ entity: UUID = .v7(), type: String = "listing", category: String = "scam", as who: SignIn? = nil) async throws -> OwnReport {
        let answer = try await report(entity, type: type, category: category, as: who)
        #expect(answer.status == 201, "\(answer)")
        return try answer.json()
    }

    func act(_ action: TestAction, as who: SignIn? = nil) async throws -> TestResponse {
        try await post("/v1/moderation/actions", action, as: who ?? moderator)
    }

    func acted(_ action: TestAction, as who: SignIn? = nil) async throws -> ModeratorAction {
        let answer = try await act(action, as: who)
        #expect(answer.status == 201, "\(answer)")
        return try answer.json()
    }

    func reverse(_ action: ModeratorAction, as who: SignIn? = nil) async throws -> TestResponse {
        try await post("/v1/moderation/actions/\(action.id)/reverse", ["reason": "The appeal is granted."], as: who ?? moderator)
    }

    func status(of who: SignIn) async throws -> String {
        try await auth.sql("SELECT status FROM users WHERE id = \(who.user.id)")[0]["status"]
    }
}

/// A body of `POST /v1/moderation/actions`.
struct TestAction: Encodable, Sendable {
    var actionType: String
    var targetEntityType = "user"
    var targetEntityID: UUID
    var targetUserID: UUID?
    var reportID: UUID?
    var severity = "high"
    var reason = "You have asked for money before a viewing."
    var durationHours: Int?
    var internalNotes: String?

    enum CodingKeys: String, CodingKey {
        case severity, reason
        case actionType = "action_type"
        case targetEntityType = "target_entity_type"
        case targetEntityID = "target_entity_id"
        case targetUserID = "target_user_id"
        case reportID = "report_id"
        case durationHours = "duration_hours"
        case internalNotes = "internal_notes"
    }
}
