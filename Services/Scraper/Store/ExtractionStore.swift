import Foundation
import Postgres
import ServiceKit

/// What was read from artifacts, and what is known of them besides.
struct ExtractionStore: Sendable {
    let postgres: Postgres

    /// The newest first: the first is what the present reader makes of the artifact.
    func list(
        of artifact: UUID, type: ContentExtraction.Kind?, after: ListKey?, limit: Int, as caller: Caller
    ) async throws -> [ContentExtraction] {
        let type: SQL = type.map { "AND e.extraction_type = \($0)" } ?? ""
        let after: SQL = after.map { "AND (e.created_at, e.id) < (\($0.createdAt), \($0.id))" } ?? ""
        return try await postgres.all(
            as: caller,
            """
            SELECT \(ContentExtraction.columns) FROM content_extractions e WHERE e.artifact_id = \(artifact) \(type) \(after)
            ORDER BY e.created_at DESC, e.id DESC LIMIT \(limit + 1)
            """)
    }

    func tags(of artifact: UUID, after: UUID?, limit: Int, as caller: Caller) async throws -> [MetadataTag] {
        let after: SQL = after.map { "AND t.id > \($0)" } ?? ""
        return try await postgres.all(
            as: caller,
            "SELECT \(MetadataTag.columns) FROM metadata_tags t WHERE t.artifact_id = \(artifact) \(after) ORDER BY t.id LIMIT \(limit + 1)")
    }

    static func add(_ new: NewExtraction, to artifact: UUID, by job: UUID, _ tx: Transaction) async throws {
        try await tx.execute(
            """
            INSERT INTO content_extractions (id, artifact_id, job_id, extraction_type, extracted_data, confidence_score, provider,
                                             provider_listing_id, fields, fetched_at)
            VALUES (\(UUID.v7()), \(artifact), \(job), \(new.type), \(JSON(new.content)), \(new.confidence), \(new.provider),
                    \(new.providerListingID), \(new.fields), \(new.fetchedAt))
            """)
    }

    /// A tag that is there already takes the new value.
    static func tag(_ artifact: UUID, _ type: String, _ tags: [String: String], _ tx: Transaction) async throws {
        let tags = tags.sorted { $0.key < $1.key }.map { (key: String($0.key.prefix(100)), value: String($0.value.withoutControls.prefix(2000))) }
        guard !tags.isEmpty else { return }
        try await tx.execute(
            """
            INSERT INTO metadata_tags (id, artifact_id, tag_type, tag_key, tag_value)
            SELECT new.id, \(artifact), \(type), new.key, new.value
            FROM unnest(\(tags.map { _ in UUID.v7() })::uuid[], \(tags.map(\.key))::text[], \(tags.map(\.value))::text[]) AS new (id, key, value)
            ON CONFLICT (artifact_id, tag_type, tag_key) DO UPDATE SET tag_value = excluded.tag_value
            """)
    }
}
