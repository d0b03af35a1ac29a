import Contracts
import Foundation
import Messaging
import NIOHTTP1
import ServiceKit
import TestKit
import Testing

@testable import Campaigns

struct CampaignsServiceTests {
    private func with(_ smtp: String = "smtp://127.0.0.1:1", _ body: @Sendable @escaping (TestService) async throws -> Void) async throws {
        try await TestService.with(CampaignsService.self, settings: ["SMTP_URL": smtp, "MAIL_FROM": "Hearth <post@hearth.example>"], body)
    }

    @Test func `every route is documented, and nothing else`() async throws {
        try await with { service in
            let assembly = try await CampaignsService.build(
                Platform(service: .campaigns, settings: service.platform.settings, logger: service.platform.logger))
            try expectDocumented(assembly.router, CampaignsService.openAPI)
        }
    }

    @Test func `a template is written, previewed, changed under its version and taken away by its agency's admin alone`() async throws {
        try await with { service in
            let agency = UUID.v7()
            let admin = Caller.test(agencies: [AgencyMembership(agencyID: agency, role: .admin)])
            let agent = Caller.test(agencies: [AgencyMembership(agencyID: agency, role: .agent)])
            let stranger = Caller.test()
            let draft = TemplateDraft(
                agencyID: agency, name: "market", type: .marketing, category: .newsletter, status: .active, subject: "Markt {{city}}",
                htmlContent: "<p>{{city}}</p>", variables: [TemplateVariable(name: "city", required: true)])
            #expect(try await service.post("/v1/templates", draft).status == 401)
            for caller in [agent, stranger] { #expect(try await service.post("/v1/templates", draft, as: caller).status == 403) }
            let created = try await service.post("/v1/templates", draft, as: admin)
            #expect(created.status == 201)
            #expect(try await service.post("/v1/templates", draft, as: admin).problem == "template-exists")
            let template: EmailTemplate = try created.json()
            let path = "/v1/templates/\(template.id.uuidString.lowercased())"

            let preview: RenderedMail = try await service.post(path + "/preview", ["data": ["city": "Köln & Bonn"]], as: agent).json()
            #expect(preview == RenderedMail(subject: "Markt Köln & Bonn", html: "<p>Köln &amp; Bonn</p>", text: "Köln & Bonn\n"))
            #expect(try await service.post(path + "/preview", [String: String](), as: agent).status == 422)
            #expect(try await service.post(path + "/preview", ["data": ["city": "x"]], as: stranger).status == 404)

            #expect(try await service.patch(path, ["subject": "Neu"], as: agent).status == 403)
            // Who manages no templates anywhere is told so before anything is looked up.
            #expect(try await service.patch(path, ["subject": "Neu"], as: stranger).status == 403)
            let elsewhere = Caller.test(agencies: [AgencyMembership(agencyID: .v7(), role: .owner)])
            #expect(try await service.patch(path, ["subject": "Neu"], as: elsewhere).status == 404)
            #expect(try await service.patch(path, ["subject": "{{{x}}}"], as: admin).status == 422)
            let changed = try await service.patch(path, ["subject": "Neu"], as: admin, headers: ["If-Match": "\"1\""])
            #expect(changed.status == 200 && changed.headers.first(name: "ETag") == "\"2\"")
            #expect(try await service.patch(path, ["subject": "Alt"], as: admin, headers: ["If-Match": "\"1\""]).status == 412)
            #expect(try await service.get(path, as: agent, headers: ["If-None-Match": "\"2\""]).status == 304)
            #expect(try await service.delete(path, as: admin).status == 204)
            #expect(try await service.get(path, as: admin).status == 404)

            let page: Page<EmailTemplate> = try await service.get("/v1/templates?limit=3&name=new_listing", as: stranger).json()
            #expect(page.items.count == 2 && page.items.allSatisfy { $0.isSystemTemplate && $0.htmlContent == nil })
        }
    }

    @Test func `following the link changes nothing, one click unsubscribes without signing in, and a made-up token is unknown`() async throws {
        try await with { service in
            let caller = Caller.test()
            let token = try UnsubscribeToken(emailID: .v7(), userID: caller.userID, category: "new_listing").sealed(by: service.platform.encryption)
            _ = try await service.platform.postgres.transaction(as: ServiceCaller()) { tx in
                try await tx.execute(
                    "INSERT INTO recipients (user_id, email, status, source_version) VALUES (\(caller.userID), 'ada@example.org', 'active', 1)")
            }
            let path = "/v1/unsubscribe/\(token)"
            let page = try await service.get(path, headers: ["Accept": "text/html", "Accept-Language": "de"])
            #expect(page.status == 200 && page.text.contains("Abbestellen"))
            #expect(try await service.get(path).json(Unsubscription.self).unsubscribed == false)
            let form: HTTPHeaders = ["Content-Type": "application/x-www-form-urlencoded"]
            #expect(try await service.request(.POST, path, body: Array("x=y".utf8), headers: form).status == 422)
            for _ in 0..<2 {
                let answer = try await service.request(.POST, path, body: Array("List-Unsubscribe=One-Click".utf8), headers: form)
                #expect(try answer.json(Unsubscription.self).unsubscribed)
            }
            #expect(try await service.get(path).json(Unsubscription.self).unsubscribed)
            #expect(try await service.get("/v1/unsubscribe/made-up").status == 404)
            #expect(
                try await service.request(.POST, "/v1/unsubscribe/AAAA", body: Array("List-Unsubscribe=One-Click".utf8), headers: form).status == 404)
        }
    }

    @Test func `a mail program may send the one click as form data too`() {
        #expect(UnsubscribeRoutes.isOneClick("--b\r\nContent-Disposition: form-data; name=\"List-Unsubscribe\"\r\n\r\nOne-Click\r\n--b--\r\n"))
        #expect(!UnsubscribeRoutes.isOneClick("--b\r\nContent-Disposition: form-data; name=\"List-Unsubscribe\"\r\n\r\nNo\r\n--b--\r\n"))
    }

    @Test func `a command over the broker that comes twice over the broker becomes one mail, and its receiver finds it in their list`() async throws {
        let smtp = SMTPScript()
        try await with(smtp.url) { service in
            let caller = Caller.test()
            let address = "ada-\(caller.userID.uuidString.lowercased())@example.org"
            let command = SendEmail(
                emailID: .v7(), userID: caller.userID, toEmail: address, toName: "Ada", template: "new_listing", locale: "en-US",
                data: ["title": "A room", "listing_url": "https://home.example/1"], type: "notification")
            let data = String(decoding: try JSONEncoder().encode(command), as: UTF8.self)
            let body = """
                {"specversion":"1.0","id":"\(UUID.v7().uuidString.lowercased())","source":"/hearth/alerts","type":"\(SendEmail.name)",\
                "time":"2026-11-21T09:30:00.000Z","datacontenttype":"application/json","data":\(data)}
                """
            try await service.broker.connected(.alerts) { broker in
                for _ in 0..<2 {
                    try await broker.publish(
                        OutgoingMessage(
                            exchange: Topology.events, routingKey: SendEmail.name, body: Array(body.utf8), messageID: command.emailID.uuidString))
                }
            }
            var email: Email?
            for _ in 0..<250 where email?.status != .sent {
                email = try? await service.get("/v1/emails", as: caller).json(Page<Email>.self).items.first
                try await Task.sleep(for: .milliseconds(20))
            }
            #expect(email?.status == .sent && email?.subject == "New listing: A room")
            #expect(smtp.mails.count == 1 && smtp.mails.first?.recipients == [address])
            #expect(try await service.get("/v1/emails/\(command.emailID.uuidString)", as: .test()).status == 404)
            smtp.stop()
        }
    }
}
