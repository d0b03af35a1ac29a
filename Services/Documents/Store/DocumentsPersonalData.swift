import Files
import Foundation
import Postgres
import ServiceKit

/// What documents holds of people.
struct DocumentsPersonalData: PersonalData {
    let documents: DocumentStore
    let files: any FileStore

    let tables = [
        PersonalTable(
            "documents", person: "uploaded_by", omitting: ["search_vector", "storage_path"],
            erasure: .kept("what was uploaded for an agency belongs to it and stays with it; everything else is deleted"))
    ]

    func erase(_ user: UUID, version: Int64, in tx: Transaction) async throws { try await documents.deletePrivate(of: user, in: tx) }

    func file(of user: UUID, after last: UUID?) async throws -> PersonalFile? {
        guard let next = try await documents.upload(of: user, after: last) else { return nil }
        return PersonalFile(id: next.document.id, name: next.document.originalFilename, size: next.document.fileSize) { offset, length in
            var bytes = Data()
            do {
                let content = try await files.get(next.path, range: offset..<(offset + Int64(length)))
                for try await chunk in content { bytes.append(contentsOf: chunk.readableBytesView) }
            } catch FileStoreError.notFound {
                // Lost, or deleted a moment ago: an export does not wait for it.
            }
            return bytes
        }
    }
}
