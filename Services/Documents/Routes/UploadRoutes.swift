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
        let form = try form(request)
        let upload = try Upload(request, form: form)
        if upload.boundary == nil { try check(form, request, caller) }
        let file: StoredFile
        do {
            file = try await files.put(upload, limit: maximumSize)
        } catch FileStoreError.tooLarge {
            throw APIError.tooLarge(limit: Int(maximumSize))
        }
        let document: Document
        do {
            guard file.size > 0 else { throw Self.empty }
            let new = try NewDocument(upload.collected.form, file: file, head: upload.collected.head, by: caller)
            document = try await documents.create(new, as: caller) { try await files.exists(file.path) }
        } catch {
            // Bytes that no row knows would lie there for ever. In a task of its own, as the client may have gone.
            await Task { try? await documents.abandon(file) }.value
            throw error
        }
        return try .json(document, status: .created, request: request, headers: [.location: "/v1/documents/\(document.id.uuidString.lowercased())"])
    }

    /// Where the body is the file, all the rest is known before it comes: nothing is stored of what cannot be a document.
    private func check(_ form: UploadForm, _ request: Request, _ caller: Caller) throws {
        try Validation.check(form)
        try form.checkRights(of: caller)
        let isEmpty = request.headers[.transferEncoding] == nil && (request.headers[.contentLength].flatMap(Int64.init) ?? 0) == 0
        guard !isEmpty else { throw Self.empty }
    }

    private static let empty = APIError.invalid([FieldError("/file", "required", "must not be empty")])

    private func form(_ request: Request) throws -> UploadForm {
        var form = UploadForm()
        for field in ["filename", "title", "description", "document_type", "category", "visibility", "agency_id", "tags"] {
            if let value = try request.query(field, maximum: 5000) { form.take(value, as: field) }
        }
        return form
    }
}
