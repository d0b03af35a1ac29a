import Contracts
import Foundation
import ServiceKit
import TestKit
import Testing

@testable import Auth

@Suite struct InvitationTests {
    @Test func `Inviting tells nothing of accounts: known and unknown addresses answer alike, and the mail alone differs`() async throws {
        try await AgencyStage.with { stage in
            _ = try await stage.auth.signedIn("known@example.org")
            let known = try await stage.auth.paced { try await stage.invite("known@example.org", .agent) }
            let unknown = try await stage.auth.paced { try await stage.invite("unknown@example.org", .agent) }
            #expect(known.status == 201 && unknown.status == 201)
            let keys = try [known, unknown].map { try Set($0.json([String: JSONValue].self).keys) }
            #expect(keys[0] == keys[1] && !known.text.contains("token"))
            try await eventually { stage.mails(to: "unknown@example.org").count == 1 && stage.mails(to: "known@example.org").count == 1 }
            #expect(stage.mails(to: "known@example.org").map(\.template) == ["agency_invitation"])
            #expect(stage.mails(to: "unknown@example.org").map(\.template) == ["agency_invitation_register"])
            #expect(try await stage.invite("known@example.org", .agent).problem == "already-invited")
        }
    }

    @Test func `Of fifty who use one invitation at once exactly one joins`() async throws {
        try await AgencyStage.with(settings: ["RATE_LIMIT_USER": "off"]) { stage in
            let invitee = try await stage.auth.signedIn("new@example.org")
            #expect(try await stage.invite("new@example.org", .assistant).status == 201)
            let token = try await stage.token(to: "new@example.org")
            let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<50 { group.addTask { try await stage.accept(token, as: invitee).status } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(statuses.count { $0 == 200 } == 1 && statuses.count { $0 == 422 } == 49)
            let member: AgencyMember = try await stage.auth.service.get(stage.memberPath(invitee), headers: stage.headers(invitee)).json()
            #expect(member.role == .assistant)
            // Whoever has the token reads the mailbox.
            let user: User = try await stage.auth.service.get("/v1/users/me", headers: stage.headers(invitee)).json()
            #expect(user.emailVerified)
        }
    }

    @Test func `An invitation is for its address alone, and ends when declined, revoked, sent again, expired or its sender goes`() async throws {
        try await AgencyStage.with { stage in
            let service = stage.auth.service
            let invitee = try await stage.auth.signedIn("new@example.org")
            let other = try await stage.auth.signedIn("other@example.org")
            func invited(_ email: String, as who: SignIn? = nil, mails: Int) async throws -> (Invitation, String) {
                (try await stage.invite(email, .viewer, as: who).json(), try await stage.token(to: email, mails: mails))
            }
            let (_, first) = try await invited("new@example.org", mails: 1)
            #expect(try await stage.accept(first, as: other).problem == "other-invitee")
            #expect(try await service.post("/v1/invitations/decline", ["token": first]).status == 204)
            #expect(try await stage.accept(first, as: invitee).problem == "useless-token")

            let (second, secondToken) = try await invited("new@example.org", mails: 2)
            let resend = stage.path + "/invitations/\(second.id)/resend"
            #expect(try await service.post(resend, [String: String](), headers: stage.headers(stage.owner)).problem == "sent-already")
            _ = try await stage.auth.sql("UPDATE agency_invitations SET sent_at = now() - interval '1 hour'")
            #expect(try await service.post(resend, [String: String](), headers: stage.headers(stage.owner)).status == 200)
            #expect(try await stage.accept(secondToken, as: invitee).problem == "useless-token")
            let third = try await stage.token(to: "new@example.org", mails: 3)
            let revoked = try await service.delete(stage.path + "/invitations/\(second.id)", headers: stage.headers(stage.owner))
            #expect(revoked.status == 204)
            #expect(try await stage.accept(third, as: invitee).problem == "useless-token")

            let (_, fourth) = try await invited("new@example.org", mails: 4)
            _ = try await stage.auth.sql("UPDATE agency_invitations SET expires_at = now() - interval '1 s' WHERE status = 'pending'")
            #expect(try await stage.accept(fourth, as: invitee).problem == "useless-token")

            let admin = try await stage.member("admin@example.org", .admin)
            let (_, fifth) = try await invited("new@example.org", as: admin, mails: 5)
            #expect(try await service.delete(stage.memberPath(admin), headers: stage.headers(stage.owner)).status == 204)
            #expect(try await stage.accept(fifth, as: invitee).problem == "useless-token")
        }
    }

    @Test func `The page of the link joins the account of the address, and asks who has none to register first`() async throws {
        try await AgencyStage.with { stage in
            let service = stage.auth.service
            #expect(try await stage.invite("new@example.org", .agent).status == 201)
            let token = try await stage.token(to: "new@example.org")
            let page = try await service.get("/v1/invitations?token=\(token)")
            #expect(page.status == 200 && page.text.contains("Keller &amp; Co"))
            func answer() async throws -> Int {
                try await service.request(
                    .POST, "/v1/invitations/page", body: Array("token=\(token)&answer=accept".utf8),
                    headers: ["Content-Type": "application/x-www-form-urlencoded"]
                ).status
            }
            #expect(try await answer() == 404)
            let signIn = try await stage.auth.signedIn("new@example.org")
            #expect(try await answer() == 200)
            #expect(try await answer() == 422)
            #expect(try await service.get(stage.path, headers: stage.headers(signIn)).status == 200)
        }
    }
}
