import Foundation
import ServiceKit
import TestKit
import Testing

@testable import Alerts

@Suite struct PersonalDataTests {
    @Test func `Every column that names a person is declared, for exports and erasures`() async throws {
        try await expectDeclared(AlertsService.self) { platform in
            AlertsPersonalData(recipients: RecipientStore(), textMessages: SMSStore(postgres: platform.postgres))
        }
    }
}
