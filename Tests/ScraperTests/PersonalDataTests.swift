import Foundation
import ServiceKit
import TestKit
import Testing

@testable import Scraper

@Suite struct PersonalDataTests {
    @Test func `Every column that names a person is declared, for exports and erasures`() async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("hearth-personal-" + UUID().uuidString).path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try await expectDeclared(ScraperService.self, settings: ["FILES_PATH": folder]) { platform in
            ScraperPersonalData(jobs: JobStore(postgres: platform.postgres))
        }
    }
}
