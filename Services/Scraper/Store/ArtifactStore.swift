import Files
import Foundation
import Postgres
import ServiceKit

/// What is to be kept of a fetched page.
struct NewArtifact: Sendable {
    var type: Artifact.Kind
    var sourceURL: String
    var mimeType: String?
    var file: StoredFile
    var tags: [String]
}

/// Artifacts as people see them; they are made by ``PageStore``.
struct ArtifactStore: Sendable {
    let postgres: Postgres

    func find(_ id: UUID, as context: any RowSecurityContext) async throws -> Artifact? {
        try await postgres.first(as: context, "SELECT \(Artifact.columns), a.content_text FROM artifacts a WHERE a.id = \(id)")
    }

    /// The newest first.
    func list(job: UUID?, after: ListKey?, limit: Int, as caller: Caller) async throws -> [Artifact] {
        let job: SQL = job.map { "AND a.job_id = \($0)" } ?? ""
        let after: SQL = after.map { "AND (a.created_at, a.id) < (\($0.createdAt), \($0.id))" } ?? ""
        return try await postgres.all(
            as: caller,
            "SELECT \(Artifact.columns) FROM artifacts a WHERE true \(job) \(after) ORDER BY a.created_at DESC, a.id DESC LIMIT \(limit + 1)")
    }
}
