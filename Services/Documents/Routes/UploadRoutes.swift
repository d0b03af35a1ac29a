import Files
import Foundation
import Hummingbird
import ServiceKit

struct UploadRoutes {
    let documents: DocumentStore
    let files: any FileStore
    let maximumSize: Int64

    func add(to router: Router<APIContext>) {
        router.post("/v1/documents", use: upload)
    }

    /// The bytes go to the store as they come; the row is made once they are all there and fit what was said of them.
    @Sendable func upload(_ request: Request, _ context: APIContext) async throws -> Response {
        let caller = try context.require(.documentsWrite)
        if let announced = request.headers[.contentLength].flatMap(Int64.init), announced > maximumSize + 128 * 1024 {
            throw APIError.tooLarge(limit: Int(maximumSize))
        }
        let upload = try Upload(request, form: form(request))
        let file: StoredFile
        do {
            file = try await files.put(upload, limit: maximumSize)
        } catch FileStoreError.tooLarge {
            throw APIError.tooLarge(limit: Int(maximumSize))
        }
        let document: Document
        do {
            guard file.size > 0 else { throw APIError.invalid([FieldError("/file", "required", "must not be empty")]) }
            let new = try NewDocument(upload.collected.form, file: file, head: upload.collected.head, by: caller)
            document = try await documents.create(new, as: caller) { try await files.exists(file.path) }
        } catch {
            // Bytes that no row knows would lie there for ever. In a task of its own, as the client may have gone.
            await Task { try? await documents.abandon(file) }.value
            throw error
        }
        return try .json(document, status: .created, request: request, headers: [.location: "/v1/documents/\(document.id.uuidString.lowercased())"])
    }

    private func form(_ request: Request) throws -> UploadForm {
        var form = UploadForm()
        for field in ["filename", "title", "description", "document_type", "category", "visibility", "agency_id", "tags"] {
            if let value = try request.query(field, maximum: 5000) { form.take(value, as: field) }
        }
        return form
    }
}
