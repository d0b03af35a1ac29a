import TestKit
import Testing

@testable import Analytics

@Suite struct AccessTests {
    @Test func `Whoever may not is refused, on every route`() async throws {
        try await expectGuarded(AnalyticsService.self)
    }
}
