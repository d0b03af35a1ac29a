import TestKit
import Testing

@testable import Catalog

@Suite struct AccessTests {
    @Test func `Whoever may not is refused, on every route`() async throws {
        try await expectGuarded(CatalogService.self)
    }
}
