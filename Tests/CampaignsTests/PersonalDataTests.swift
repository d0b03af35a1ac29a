import Foundation
import ServiceKit
import TestKit
import Testing

@testable import Campaigns

@Suite struct PersonalDataTests {
    @Test func `Every column that names a person is declared, for exports and erasures`() async throws {
        try await expectDeclared(
            CampaignsService.self, settings: ["SMTP_URL": "smtp://127.0.0.1:1", "MAIL_FROM": "Hearth <post@hearth.example>"]
        ) { platform in
            CampaignsPersonalData(recipients: RecipientStore(), queue: EmailQueueStore(postgres: platform.postgres))
        }
    }
}
