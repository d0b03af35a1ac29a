import Files
import Foundation
import ServiceKit
import TestKit
import Testing

@testable import Documents

@Suite struct PersonalDataTests {
    @Test func `Every column that names a person is declared, for exports and erasures`() async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("hearth-personal-" + UUID().uuidString).path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try await expectDeclared(DocumentsService.self, settings: ["FILES_PATH": folder]) { platform in
            DocumentsPersonalData(
                documents: DocumentStore(postgres: platform.postgres, cache: platform.cache), files: FolderFileStore(root: folder))
        }
    }
}
