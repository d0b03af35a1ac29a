import Files
import Foundation
import HTTPTypes
import Hummingbird
import ServiceKit

/// What was fetched, with its bytes.
struct ArtifactRoutes: Sendable {
    let artifacts: ArtifactStore
    let extractions: ExtractionStore
    let files: any FileStore

    func add(to router: Router<APIContext>) {
        router.group("/v1/artifacts")
            .get(use: list)
            .get(":id", use: get)
            .get(":id/content", use: content)
            .get(":id/extractions", use: listExtractions)
            .get(":id/tags", use: listTags)
    }

    @Sendable func list(_ request: Request, _ context: APIContext) async throws -> Page<Artifact> {
        let caller = try context.require(.scrapingRead)
        let page = try PageRequest<ListKey>(request)
        let job = try request.query("job_id", as: UUID.self)
        let rows = try await artifacts.list(job: job, after: page.after, limit: page.limit, as: caller)
        return Page(rows, limit: page.limit) { ListKey(createdAt: $0.createdAt, id: $0.id) }
    }

    @Sendable func get(_ request: Request, _ context: APIContext) async throws -> Response {
        try .json(try await find(context), request: request)
    }

    @Sendable func content(_ request: Request, _ context: APIContext) async throws -> Response {
        let artifact = try await find(context)
        let content: FileContent
        do {
            content = try await files.get(artifact.storagePath, range: nil)
        } catch FileStoreError.notFound {
            throw APIError.notFound("content")
        }
        // A stranger's page: saved, never shown, so that its scripts cannot act for whoever opens it.
        let headers: HTTPFields = [
            .contentType: artifact.mimeType ?? "application/octet-stream", .contentDisposition: "attachment",
            .contentSecurityPolicy: "sandbox; default-src 'none'", .xContentTypeOptions: "nosniff", .eTag: "\"\(artifact.contentHash)\"",
        ]
        let body = ResponseBody(contentLength: Int(content.size)) { writer in
            for try await chunk in content { try await writer.write(chunk) }
            try await writer.finish(nil)
        }
        return Response(status: .ok, headers: headers, body: body)
    }

    @Sendable func listExtractions(_ request: Request, _ context: APIContext) async throws -> Page<ContentExtraction> {
        let caller = try context.require(.scrapingRead)
        let page = try PageRequest<ListKey>(request)
        let type = try request.query("extraction_type", as: ContentExtraction.Kind.self)
        let artifact = try await find(context)
        let rows = try await extractions.list(of: artifact.id, type: type, after: page.after, limit: page.limit, as: caller)
        return Page(rows, limit: page.limit) { ListKey(createdAt: $0.createdAt, id: $0.id) }
    }

    @Sendable func listTags(_ request: Request, _ context: APIContext) async throws -> Page<MetadataTag> {
        let caller = try context.require(.scrapingRead)
        let page = try PageRequest<UUID>(request)
        let artifact = try await find(context)
        let rows = try await extractions.tags(of: artifact.id, after: page.after, limit: page.limit, as: caller)
        return Page(rows, limit: page.limit, key: \.id)
    }

    private func find(_ context: APIContext) async throws -> Artifact {
        let caller = try context.require(.scrapingRead)
        guard let artifact = try await artifacts.find(context.parameters.id(), as: caller) else { throw APIError.notFound("artifact") }
        return artifact
    }
}
