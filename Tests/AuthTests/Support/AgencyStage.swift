import Contracts
import Foundation
import NIOHTTP1
import ServiceKit
import TestKit
import Testing

@testable import Auth

/// An agency with its owner, and the ways into it.
struct AgencyStage: Sendable {
    let auth: AuthTest
    let owner: SignIn
    let agency: Agency

    var path: String { "/v1/agencies/\(agency.id.uuidString.lowercased())" }

    static func with(settings: [String: String] = [:], _ body: @escaping @Sendable (AgencyStage) async throws -> Void) async throws {
        try await AuthTest.with(settings: settings) { auth in
            let owner = try await auth.signedIn("owner@example.org")
            _ = try await auth.sql("UPDATE users SET email_verified = true WHERE id = \(owner.user.id)")
            let answer = try await auth.service.post(
                "/v1/agencies", ["kind": "brokerage", "name": "Keller & Co", "email": "Office@Example.org"], headers: auth.headers(owner))
            #expect(answer.status == 201)
            let stage = AgencyStage(auth: auth, owner: owner, agency: try answer.json())
            // The address was verified by hand: the session hears of it by notification.
            try await eventually { try await auth.service.get(stage.path + "/invitations", headers: auth.headers(owner)).status == 200 }
            try await body(stage)
        }
    }

    func headers(_ signIn: SignIn) -> HTTPHeaders { auth.headers(signIn) }

    func invite(_ email: String, _ role: AgencyRole, as who: SignIn? = nil) async throws -> TestResponse {
        try await auth.service.post(path + "/invitations", ["email": email, "role": role.rawValue], headers: headers(who ?? owner))
    }

    /// The token of the last mail to an address.
    func token(to email: String, mails count: Int = 1) async throws -> String {
        try await eventually { mails(to: email).count >= count }
        let mail = try #require(mails(to: email).last)
        let sealed = try #require(mail.sealedData["link"].flatMap { Data(base64Encoded: $0) })
        let link = try auth.service.platform.encryption.open(Array(sealed), context: "campaigns.email.link")
        return try #require(String(decoding: link, as: UTF8.self).split(separator: "token=").last.map(String.init))
    }

    func mails(to email: String) -> [EventTap.Mail] {
        auth.tap.all(EventTap.Mail.self).filter { $0.toEmail == email && $0.template.hasPrefix("agency_invitation") }
    }

    func accept(_ token: String, as who: SignIn) async throws -> TestResponse {
        try await auth.service.post("/v1/invitations/accept", ["token": token], headers: headers(who))
    }

    /// Somebody new who joins by invitation.
    func member(_ email: String, _ role: AgencyRole) async throws -> SignIn {
        let signIn = try await auth.signedIn(email)
        #expect(try await invite(email, role).status == 201)
        let answer = try await accept(token(to: email), as: signIn)
        #expect(answer.status == 200, "\(answer)")
        return signIn
    }

    func memberPath(_ who: SignIn) -> String { path + "/members/\(who.user.id.uuidString.lowercased())" }
}
