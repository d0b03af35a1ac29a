import Contracts
import Foundation
import Messaging
import Postgres
import ServiceKit

/// The platform's settings. Values that are sensitive lie sealed.
struct SettingStore: Sendable {
    let postgres: Postgres
    let encryption: Encryption

    func list(category: String?, after key: String?, limit: Int, as caller: Caller) async throws -> [Setting] {
        var conditions: [SQL] = ["true"]
        if let category { conditions.append("category = \(category)") }
        if let key { conditions.append("key > \(key)") }
        let rows: [StoredSetting] = try await postgres.all(
            as: caller,
            """
            SELECT \(StoredSetting.columns) FROM system_configuration
            WHERE \(SQL.joined(conditions, by: " AND ")) \(Self.visible(to: caller)) ORDER BY key LIMIT \(limit + 1)
            """)
        return try rows.map(shown)
    }

    func find(_ key: String, as caller: Caller) async throws -> Setting? {
        let row: StoredSetting? = try await postgres.first(
            as: caller, "SELECT \(StoredSetting.columns) FROM system_configuration WHERE key = \(key) \(Self.visible(to: caller))")
        return try row.map(shown)
    }

    /// Throws `PostgresError` when there is one with that key.
    func make(_ new: NewSetting, as caller: Caller) async throws -> Setting {
        let isSensitive = new.isSensitive ?? false
        let value = try stored(new.value, isSensitive: isSensitive)
        let id = UUID.v7()
        return try await postgres.transaction(as: caller) { tx in
            let row: StoredSetting? = try await tx.first(
                """
                INSERT INTO system_configuration (id, key, value, data_type, description, category, is_sensitive, is_public, is_system,
                    validation_rules, is_active, requires_restart, updated_by)
                VALUES (\(id), \(new.key), \(JSON(value)), \(new.dataType), \(new.description), \(new.category ?? "general"), \(isSensitive),
                    \(new.isPublic ?? false), \(new.isSystem ?? true), \(new.validationRules.map(JSON.init)), \(new.isActive ?? true),
                    \(new.requiresRestart ?? false), \(caller.userID))
                RETURNING \(StoredSetting.columns)
                """)
            guard let row else { throw APIError.forbidden }
            try await tx.publish(Self.changed("created", nil, row.setting, []))
            return try shown(row)
        }
    }

    /// Nil when there is none that the caller may set. Throws `APIError`: 412 for another version, 422 for a value beyond its rules, 403 for what only an
    /// administrator changes.
    func change(_ key: String, _ change: SettingChange, version: Int64?, as caller: Caller) async throws -> Setting? {
        if change.isStructural, caller.role != .administrator { throw APIError.forbidden }
        return try await postgres.transaction(as: caller) { tx in
            let known: StoredSetting? = try await tx.first(
                "SELECT \(StoredSetting.columns) FROM system_configuration WHERE key = \(key) \(Self.visible(to: caller)) FOR UPDATE")
            guard let known else { return nil }
            try known.setting.expect(version)
            let old = try plain(known)
            let (new, value) = try change.applied(to: known.setting, plain: old)
            let fields = Self.changedFields(known.setting, new, valueChanges: old != value)
            guard !fields.isEmpty else { return try shown(known) }
            let row: StoredSetting? = try await tx.first(
                """
                UPDATE system_configuration SET value = \(JSON(try stored(value, isSensitive: new.isSensitive))), description = \(new.description),
                    category = \(new.category), is_sensitive = \(new.isSensitive), is_public = \(new.isPublic), is_system = \(new.isSystem),
                    validation_rules = \(new.validationRules.map(JSON.init)), is_active = \(new.isActive),
                    requires_restart = \(new.requiresRestart), updated_by = \(caller.userID)
                WHERE key = \(key) RETURNING \(StoredSetting.columns)
                """)
            guard let row else { throw APIError.forbidden }
            try await tx.publish(Self.changed("updated", known.setting, row.setting, fields))
            return try shown(row)
        }
    }

    /// False when there is none.
    func delete(_ key: String, version: Int64?, as caller: Caller) async throws -> Bool {
        try await postgres.transaction(as: caller) { tx in
            let known: StoredSetting? = try await tx.first("SELECT \(StoredSetting.columns) FROM system_configuration WHERE key = \(key) FOR UPDATE")
            guard let known else { return false }
            try known.setting.expect(version)
            try await tx.execute("DELETE FROM system_configuration WHERE key = \(key)")
            try await tx.publish(Self.changed("deleted", known.setting, nil, []))
            return true
        }
    }

    /// Besides the policies, which let everybody read what is public.
    private static func visible(to caller: Caller) -> SQL { caller.role == .administrator ? "" : "AND NOT is_system" }

    private func stored(_ value: JSONValue, isSensitive: Bool) throws -> JSONValue {
        guard isSensitive else { return value }
        let sealed = try encryption.seal(value.json, context: SettingSnapshot.sealingContext)
        return .object(["sealed": .text(Data(sealed).base64EncodedString())])
    }

    private func plain(_ stored: StoredSetting) throws -> JSONValue {
        if let value = stored.setting.value { return value }
        guard let sealed = stored.sealed.flatMap({ Data(base64Encoded: $0) }) else { return .null }
        let json = try encryption.open(Array(sealed), context: SettingSnapshot.sealingContext)
        return try JSONDecoder().decode(JSONValue.self, from: Data(json))
    }

    private func shown(_ stored: StoredSetting) throws -> Setting {
        var setting = stored.setting
        // One whose key is gone is still listed.
        if setting.isSensitive, let text = (try? plain(stored))?.text, text.count >= 12 { setting.valueHint = "…" + text.suffix(4) }
        return setting
    }

    private static func changed(_ change: String, _ before: Setting?, _ after: Setting?, _ fields: [String]) -> ConfigurationChanged {
        let one = after ?? before
        let isGrave = before?.isSensitive == true || after?.isSensitive == true || one?.isSystem == true
        return ConfigurationChanged(
            settingID: one?.id ?? UUID.v7(), key: one?.key ?? "", change: change, before: before?.state, after: after?.state,
            changedFields: fields, riskLevel: isGrave ? "high" : "medium", version: (after?.version ?? (before?.version ?? 0) + 1))
    }

    private static func changedFields(_ old: Setting, _ new: Setting, valueChanges: Bool) -> [String] {
        let changes: [(String, Bool)] = [
            ("value", valueChanges), ("description", old.description != new.description), ("category", old.category != new.category),
            ("is_sensitive", old.isSensitive != new.isSensitive), ("is_public", old.isPublic != new.isPublic),
            ("is_system", old.isSystem != new.isSystem), ("validation_rules", old.validationRules != new.validationRules),
            ("is_active", old.isActive != new.isActive), ("requires_restart", old.requiresRestart != new.requiresRestart),
        ]
        return changes.filter(\.1).map(\.0)
    }
}
