import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import ServiceKit

/// All that Hearth holds of a person, for themselves alone: no API key and no administrator fetches it.
struct DataExportRoutes: Sendable {
    let exports: DataExportStore

    func add(to router: some RouterMethods<APIContext>) {
        router.post("/v1/users/me/exports", use: start)
        router.get("/v1/users/me/exports", use: list)
        router.get("/v1/users/me/exports/{id}", use: show)
        router.get("/v1/users/me/exports/{id}/archive", use: download)
        router.delete("/v1/users/me/exports/{id}", use: delete)
    }

    @Sendable func start(_ request: Request, _ context: APIContext) async throws -> Response {
        let caller = try context.requireCaller()
        try context.requireSecondFactor()
        return try .json(try await exports.start(as: caller), status: .accepted, request: request)
    }

    @Sendable func list(_ request: Request, _ context: APIContext) async throws -> Page<DataExport> {
        let caller = try context.requireCaller()
        let page = try PageRequest<UUID>(request)
        let rows = try await exports.list(after: page.after, limit: page.limit, as: caller)
        return Page(rows, limit: page.limit, key: \.id)
    }

    @Sendable func show(_ request: Request, _ context: APIContext) async throws -> Response {
        let caller = try context.requireCaller()
        guard let export = try await exports.find(context.parameters.id(), as: caller) else { throw APIError.notFound("export") }
        return try .json(export, request: request)
    }

    @Sendable func delete(_ request: Request, _ context: APIContext) async throws -> HTTPResponse.Status {
        let caller = try context.requireCaller()
        guard try await exports.delete(context.parameters.id(), as: caller) else { throw APIError.notFound("export") }
        return .noContent
    }

    @Sendable func download(_ request: Request, _ context: APIContext) async throws -> Response {
        let caller = try context.requireCaller()
        try context.requireSecondFactor()
        guard let export = try await exports.find(context.parameters.id(), as: caller) else { throw APIError.notFound("export") }
        guard export.status == .ready else { throw APIError.conflict("export-in-progress", "The export is being collected still.") }
        let entries = try await exports.entries(of: export.id, as: caller)
        try await exports.noteDownload(by: caller)
        let headers: HTTPFields = [
            .contentType: "application/zip", .contentDisposition: "attachment; filename=\"hearth-\(export.id.uuidString.lowercased()).zip\"",
            .cacheControl: "no-store", .xContentTypeOptions: "nosniff",
        ]
        let body = ResponseBody { writer in
            let archive = try ZipWriter(at: export.completedAt ?? export.requestedAt)
            for entry in entries {
                try archive.begin(entry.name, size: entry.size)
                for position in 0..<entry.chunks {
                    guard let bytes = try await exports.chunk(position, of: entry.id, as: caller) else { throw Gone() }
                    try archive.write(bytes)
                    try await writer.write(archive.take())
                }
            }
            try archive.close()
            try await writer.write(archive.take())
            try await writer.finish(nil)
        }
        return Response(status: .ok, headers: headers, body: body)
    }

    /// The archive expired while it was fetched.
    private struct Gone: Error {}
}
