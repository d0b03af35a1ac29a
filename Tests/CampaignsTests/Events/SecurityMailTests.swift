import Contracts
import Foundation
import ServiceKit
import TestKit
import Testing

@testable import Campaigns

@Suite struct SecurityMailTests {
    @Test func `a code is in the mail, in the language of the person, and in no table`() async throws {
        try await CampaignsWorld.with { world in
            let server = SMTPScript()
            for (locale, words) in [("de-DE", "Dein Code ist:"), ("en-US", "Your code is:")] {
                let sealed = Data(try world.encryption.seal("483920", context: "campaigns.email.code")).base64EncodedString()
                let command = SendEmail(
                    emailID: .v7(), userID: .v7(), toEmail: "ada@example.org", toName: "Ada", template: "security_code", locale: locale, data: [:],
                    type: "transactional", sealedData: ["code": sealed])
                try await world.ask(command)
                try await world.sending(try world.sender(server.url)) { try await world.status(command.emailID) == "sent" }
                let mail = ReadMail(try #require(server.mails.last).data)
                #expect(mail.parts.allSatisfy { $0.content.contains("483920") && $0.content.contains(words) })
                let row: String = try await world.postgres.batch(as: ServiceCaller(), ["SELECT email_queue::text AS row FROM email_queue"])[0][0][
                    "row"]
                #expect(!row.contains("483920") && !row.contains(sealed))
            }
            server.stop()
        }
    }

    @Test func `what has changed of somebody's security is told in words`() async throws {
        try await CampaignsWorld.with { world in
            let server = SMTPScript()
            let told: [(template: String, data: [String: TemplateValue], words: String)] = [
                (
                    "second_factor_changed", ["is_added": .flag(true), "is_totp": .flag(true)],
                    "Changed: your authenticator app – now belongs to the second factors of your account."
                ),
                (
                    "second_factor_changed", ["is_used": .flag(true), "is_backup_code": .flag(true)],
                    "Changed: backup codes – was used and is not good again."
                ),
                (
                    "connection_changed", ["is_connected": .flag(true), "provider": "google"],
                    "Your account with “google” signs you in to Hearth from now on."
                ),
            ]
            for (template, data, words) in told {
                let command = SendEmail(
                    emailID: .v7(), userID: .v7(), toEmail: "ada@example.org", toName: nil, template: template, locale: "en-US", data: data,
                    type: "transactional")
                try await world.ask(command)
                try await world.sending(try world.sender(server.url)) { try await world.status(command.emailID) == "sent" }
                let mail = ReadMail(try #require(server.mails.last).data)
                #expect(mail.parts.allSatisfy { $0.content.replacing(/\s+/, with: " ").contains(words) }, "\(mail.parts.map(\.content))")
            }
            server.stop()
        }
    }
}
