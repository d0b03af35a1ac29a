import Contracts
import Foundation
import HTTPTypes
import Messaging
import Postgres
import ServiceKit
import TestKit
import Testing

@testable import Alerts

@Suite struct TextMessageTests {
    @Test func `A code goes to the provider once, and leaves no trace of number and code`() async throws {
        try await SMSProviderStandIn.serve { url, provider in
            let settings = ["SMS_PROVIDER_URL": url, "SMS_AUTHORIZATION": "Bearer secret", "SMS_SENDER": "Hearth \"1\""]
            try await AlertStage.with(settings: settings) { stage in
                let command = try stage.command(code: "123456")
                try await stage.service.listening(to: SMSSent.self) { heard in
                    try await stage.ask(command)
                    try await stage.ask(command)
                    try await eventually { try await stage.status(command) == "sent" }
                    try await eventually { heard.events.map(\.smsID) == [command.smsID] }
                }
                let message = try #require(provider.messages.first)
                #expect(provider.messages.count == 1)
                #expect(message.authorization == "Bearer secret" && message.contentType == "application/json")
                #expect(message.idempotencyKey == command.smsID.uuidString.lowercased())
                let body = try JSONDecoder().decode([String: String].self, from: Data(message.body.utf8))
                #expect(body["to"] == "+4915123456756" && body["from"] == "Hearth \"1\"")
                #expect(body["text"] == "123456 ist dein Code bei Hearth. Er gilt zehn Minuten. Gib ihn niemandem weiter.")
                #expect(try await stage.count("SELECT count(*) FROM sms_queue WHERE sealed_to IS NOT NULL OR sealed_data IS NOT NULL") == 0)
            }
        }
    }

    @Test func `A form is escaped as forms are`() async throws {
        try await SMSProviderStandIn.serve { url, provider in
            let settings = ["SMS_PROVIDER_URL": url, "SMS_CONTENT_TYPE": "application/x-www-form-urlencoded"]
            try await AlertStage.with(settings: settings) { stage in
                let command = try stage.command(code: "123456", locale: "en-US")
                try await stage.ask(command)
                try await eventually { try await stage.status(command) == "sent" }
                let body = try #require(provider.messages.first?.body)
                #expect(body.hasPrefix("From=Hearth&To=%2B4915123456756&Body=123456%20is%20your%20Hearth%20code."))
            }
        }
    }

    @Test func `Without a provider a message fails by name`() async throws {
        try await AlertStage.with { stage in
            let command = try stage.command(code: "123456")
            try await stage.service.listening(to: SMSFailed.self) { heard in
                try await stage.ask(command)
                #expect(try await stage.status(command) == "failed no_provider")
                try await eventually { heard.events.first?.smsID == command.smsID }
                #expect(heard.events.first?.reason == "no_provider")
            }
        }
    }

    @Test func `What the provider refuses is not sent again, what it cannot take now is`() async throws {
        try await SMSProviderStandIn.serve(answering: [400]) { url, provider in
            try await AlertStage.with(settings: ["SMS_PROVIDER_URL": url]) { stage in
                let command = try stage.command(code: "123456")
                try await stage.ask(command)
                try await eventually { try await stage.status(command) == "failed rejected" }
                #expect(provider.messages.count == 1)
            }
        }
        try await SMSProviderStandIn.serve(answering: [503, 202]) { url, provider in
            try await AlertStage.with(settings: ["SMS_PROVIDER_URL": url]) { stage in
                let command = try stage.command(code: "123456")
                try await stage.ask(command)
                try await eventually { try await stage.status(command) == "sent" }
                #expect(provider.messages.map(\.idempotencyKey) == Array(repeating: command.smsID.uuidString.lowercased(), count: 2))
            }
        }
    }

    @Test func `A code that has run out, or that cannot be read, is not sent`() async throws {
        try await SMSProviderStandIn.serve { url, provider in
            try await AlertStage.with(settings: ["SMS_PROVIDER_URL": url]) { stage in
                let late = try stage.command(code: "123456", expires: Date(timeIntervalSinceNow: -1))
                var foreign = try stage.command(code: "123456")
                foreign.sealedData["code"] = foreign.sealedTo
                for command in [late, foreign] { try await stage.ask(command) }
                try await eventually { try await stage.status(late) == "failed expired" }
                try await eventually { try await stage.status(foreign) == "failed unreadable" }
                #expect(provider.messages.isEmpty)
            }
        }
    }

    @Test func `A URL that is none is named at the start`() throws {
        #expect(throws: SettingError.self) { try SMSConfiguration(Settings(["SMS_PROVIDER_URL": "sms.example.org"])) }
        #expect(throws: SettingError.self) {
            try SMSConfiguration(Settings(["SMS_PROVIDER_URL": "https://sms.example.org", "SMS_CONTENT_TYPE": "text/plain"]))
        }
        #expect(try SMSConfiguration(Settings([:])) == nil)
    }
}

extension AlertStage {
    fileprivate func command(code: String, locale: String = "de-DE", expires: Date = Date(timeIntervalSinceNow: 600)) throws -> SendSMS {
        let encryption = service.platform.encryption
        return SendSMS(
            smsID: .v7(), userID: .v7(), kind: "security_code", locale: locale,
            sealedTo: Data(try encryption.seal("+4915123456756", context: "alerts.sms.to")).base64EncodedString(),
            sealedData: ["code": Data(try encryption.seal(code, context: "alerts.sms.code")).base64EncodedString()], expiresAt: expires)
    }

    /// As auth does, over the broker.
    fileprivate func ask(_ command: SendSMS) async throws {
        try await service.speaking(as: .auth) { try await $0.ask(command) }
        try await eventually { try await count("SELECT count(*) FROM sms_queue WHERE id = \(command.smsID)") == 1 }
    }

    fileprivate func status(_ command: SendSMS) async throws -> String? {
        try await transaction { tx in
            try await tx.value("SELECT concat_ws(' ', status, failure_reason) FROM sms_queue WHERE id = \(command.smsID)")
        }
    }
}
