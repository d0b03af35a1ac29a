import TestKit
import Testing

@testable import Auth

@Suite struct OpenAPITests {
    @Test func `Every route is documented and every documented route is there`() async throws {
        try await expectDocumented(AuthService.self)
    }
}
