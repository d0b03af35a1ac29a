import Foundation
import Logging
import ServiceKit
import TestKit
import Testing

@testable import Auth

@Suite struct OpenAPITests {
    @Test func `Every route is documented and every documented route is there`() async throws {
        // Nothing connects before it runs.
        let settings = try Settings([
            "DATABASE_URL": "postgres://nowhere.invalid/none", "REDIS_URL": "redis://nowhere.invalid", "AMQP_URL": "amqp://nowhere.invalid",
            "ENCRYPTION_KEYS": "test:" + Data(repeating: 7, count: 32).base64EncodedString(),
        ])
        let platform = try Platform(service: .auth, settings: settings, logger: Logger(label: "test"))
        try expectDocumented(try await AuthService.build(platform).router, AuthService.openAPI)
    }
}
