import Foundation
import Postgres

/// Hides listings that moderators have removed, and shows them again.
struct ListingRemovalStore {
    /// True when it changed anything: the listing is here, and nothing newer was heard of it.
    func set(_ id: UUID, isRemoved: Bool, version: Int64, in tx: Transaction) async throws -> Bool {
        try await tx.execute(
            """
            UPDATE listings SET removed_at = CASE WHEN \(isRemoved) THEN now() END, moderation_version = \(version)
            WHERE id = \(id) AND moderation_version < \(version)
            """) > 0
    }
}
