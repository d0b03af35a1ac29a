import Foundation
import TestKit
import Testing

@testable import Documents

@Suite struct AccessTests {
    @Test func `Whoever may not is refused, on every route`() async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("hearth-access-" + UUID().uuidString).path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try await expectGuarded(DocumentsService.self, settings: ["FILES_PATH": folder])
    }
}
