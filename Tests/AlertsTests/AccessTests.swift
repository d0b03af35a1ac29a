import TestKit
import Testing

@testable import Alerts

@Suite struct AccessTests {
    @Test func `Whoever may not is refused, on every route`() async throws {
        try await expectGuarded(AlertsService.self)
    }
}
