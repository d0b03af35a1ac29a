import Contracts
import Foundation
import Messaging
import Postgres
import ServiceKit

/// Feature flags.
struct FeatureFlagStore: Sendable {
    let postgres: Postgres

    func list(after name: String?, limit: Int, as caller: Caller) async throws -> [FeatureFlag] {
        let later: SQL = name.map { "WHERE name > \($0)" } ?? ""
        return try await postgres.all(as: caller, "SELECT \(FeatureFlag.columns) FROM feature_flags \(later) ORDER BY name LIMIT \(limit + 1)")
    }

    func find(_ name: String, as caller: Caller) async throws -> FeatureFlag? {
        try await postgres.first(as: caller, "SELECT \(FeatureFlag.columns) FROM feature_flags WHERE name = \(name)")
    }

    /// Throws `PostgresError` when there is one of that name.
    func make(_ new: NewFeatureFlag, as caller: Caller) async throws -> FeatureFlag {
        try await postgres.transaction(as: caller) { tx in
            let flag: FeatureFlag? = try await tx.first(
                """
                INSERT INTO feature_flags (id, name, description, enabled, config)
                VALUES (\(UUID.v7()), \(new.name), \(new.description), \(new.enabled ?? false), \(JSON(new.config ?? FeatureFlagRules())))
                RETURNING \(FeatureFlag.columns)
                """)
            guard let flag else { throw APIError.forbidden }
            try await tx.publish(
                FeatureFlagChanged(flagID: flag.id, name: flag.name, change: "created", before: nil, after: flag.state, version: flag.version))
            return flag
        }
    }

    /// Nil when there is none. Throws 412 for another version.
    func change(_ name: String, _ change: FeatureFlagChange, version: Int64?, as caller: Caller) async throws -> FeatureFlag? {
        try await postgres.transaction(as: caller) { tx in
            guard let known = try await Self.locked(name, tx) else { return nil }
            try known.expect(version)
            let sets = [
                Assignment("description", change.description) { $0 }, change.enabled.map { Assignment("enabled", $0) },
                change.config.map { Assignment("config", JSON($0)) },
            ].compactMap { $0?.sql }
            guard !sets.isEmpty else { return known }
            let flag: FeatureFlag? = try await tx.first(
                "UPDATE feature_flags SET \(SQL.joined(sets)) WHERE name = \(name) RETURNING \(FeatureFlag.columns)")
            guard let flag else { throw APIError.forbidden }
            try await tx.publish(
                FeatureFlagChanged(
                    flagID: flag.id, name: name, change: "updated", before: known.state, after: flag.state, version: flag.version))
            return flag
        }
    }

    /// False when there is none.
    func delete(_ name: String, version: Int64?, as caller: Caller) async throws -> Bool {
        try await postgres.transaction(as: caller) { tx in
            guard let known = try await Self.locked(name, tx) else { return false }
            try known.expect(version)
            try await tx.execute("DELETE FROM feature_flags WHERE name = \(name)")
            try await tx.publish(
                FeatureFlagChanged(
                    flagID: known.id, name: name, change: "deleted", before: known.state, after: nil, version: known.version + 1))
            return true
        }
    }

    private static func locked(_ name: String, _ tx: Transaction) async throws -> FeatureFlag? {
        try await tx.first("SELECT \(FeatureFlag.columns) FROM feature_flags WHERE name = \(name) FOR UPDATE")
    }
}
