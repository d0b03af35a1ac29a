import ClientKit
import Contracts
import Foundation
import Postgres
import ServiceKit
import TestKit
import Testing

@testable import Alerts

/// What is told to leads, who have no account.
@Suite struct LeadTests {
    private func command(
        _ stage: AlertStage, _ lead: UUID, _ channel: String, _ to: String, key: String, _ change: (inout TellLead) -> Void = { _ in }
    ) throws
        -> TellLead
    {
        var command = TellLead(
            leadID: lead, key: key, type: "viewing_reminder", channel: channel,
            sealedTo: Data(try stage.service.platform.encryption.seal(to, context: "alerts.lead.to")).base64EncodedString(), toName: "Käthe Beispiel",
            locale: "de-DE", title: "Besichtigung", message: "Morgen um 10 Uhr, Hauptstraße 12")
        change(&command)
        return command
    }

    private func states(_ stage: AlertStage) async throws -> [String] {
        try await stage.transaction { tx in
            try await tx.rows("SELECT concat_ws(' ', channel, status) AS state FROM notification_queue ORDER BY delivery_key").map { try $0["state"] }
        }
    }

    @Test func `A lead is told once by mail and by text message, what has expired not at all, and where it went is kept nowhere`() async throws {
        try await OutsideWorld.serve { world in
            try await AlertStage.with(settings: world.settings) { stage in
                let lead = UUID.v7()
                let mail = try command(stage, lead, "email", "lead@hearth.test", key: "a")
                let sms = try command(stage, lead, "sms", "+4915123456756", key: "b") { $0.priority = "high" }
                let late = try command(stage, lead, "sms", "+4915123456756", key: "c") { $0.expiresAt = Date(timeIntervalSinceNow: -1) }
                try await stage.service.speaking(as: .catalog) { catalog in
                    for command in [mail, mail, sms, sms, late] { try await catalog.ask(command) }
                }
                try await eventually { try await states(stage) == ["email handed_over", "sms sent", "sms expired"] }
                let sent = try #require(try await stage.mails().first)
                #expect(try await stage.mails().count == 1)
                #expect(sent.toEmail == "lead@hearth.test" && sent.userID == nil && sent.template == "notice" && sent.data["title"] == "Besichtigung")
                #expect(world.shown.count == 1 && (world.shown[0].json["text"] as? String)?.contains("Morgen um 10 Uhr") == true)
                #expect(try await stage.count("SELECT count(*) FROM notification_queue WHERE content_sealed IS NOT NULL") == 0)
                try await stage.service.speaking(as: .campaigns) { campaigns in
                    try await campaigns.say(EmailSent(emailID: sent.emailID, userID: nil, template: "notice", reference: sent.reference))
                }
                try await eventually { try await states(stage) == ["email sent", "sms sent", "sms expired"] }
                #expect(try await stage.count("SELECT count(*) FROM delivery_attempts WHERE outcome = 'taken' AND user_id IS NULL") == 2)
            }
        }
    }
}
