import Contracts
import Foundation
import Postgres
import ServiceKit

/// A setting as its row has it.
struct StoredSetting: Sendable, RowDecodable {
    static let columns: SQL = """
        id, key, value, data_type, description, category, is_sensitive, is_public, is_system, validation_rules, is_active, requires_restart, \
        version, created_at, updated_at, updated_by
        """

    /// Without its value, when that is sensitive.
    var setting: Setting
    /// The sealed value of a sensitive one, in base64.
    var sealed: String?

    init(row: Row) throws {
        let value: JSONValue = try row.json("value")
        let isSensitive: Bool = try row["is_sensitive"]
        sealed = isSensitive ? value.object?["sealed"]?.text : nil
        setting = Setting(
            id: try row["id"], key: try row["key"], value: isSensitive ? nil : value, dataType: try row["data_type"],
            description: try row["description"], category: try row["category"], isSensitive: isSensitive, isPublic: try row["is_public"],
            isSystem: try row["is_system"], validationRules: try row.jsonIfPresent("validation_rules"), isActive: try row["is_active"],
            requiresRestart: try row["requires_restart"], version: try row["version"], createdAt: try row["created_at"],
            updatedAt: try row["updated_at"], updatedBy: try row["updated_by"])
    }

    var snapshot: SettingSnapshot {
        SettingSnapshot(
            key: setting.key, value: setting.value?.json, sealedValue: sealed, isPublic: setting.isPublic,
            requiresRestart: setting.requiresRestart)
    }
}
