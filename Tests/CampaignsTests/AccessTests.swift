import TestKit
import Testing

@testable import Campaigns

@Suite struct AccessTests {
    @Test func `Whoever may not is refused, on every route`() async throws {
        try await expectGuarded(CampaignsService.self, settings: ["SMTP_URL": "smtp://127.0.0.1:1", "MAIL_FROM": "Hearth <post@hearth.example>"])
    }
}
