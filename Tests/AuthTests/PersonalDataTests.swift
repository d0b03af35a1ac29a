import Foundation
import ServiceKit
import TestKit
import Testing

@testable import Auth

@Suite struct PersonalDataTests {
    @Test func `Every column that names a person is declared, for exports and erasures`() async throws {
        try await expectDeclared(AuthService.self) { platform in
            AuthPersonalData(avatars: AvatarStore(postgres: platform.postgres))
        }
    }
}
