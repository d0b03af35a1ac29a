import Contracts
import Foundation
import Postgres
import ServiceKit

/// A setting of the platform, as whoever manages it sees it: a sensitive value never again.
struct Setting: Codable, Sendable, Versioned {
    var id: UUID
    var key: String
    /// Nil when it is sensitive.
    var value: JSONValue?
    /// The last characters of a long enough sensitive text, to tell one from another.
    var valueHint: String?
    var dataType: DataType
    var description: String?
    var category: String
    var isSensitive: Bool
    var isPublic: Bool
    var isSystem: Bool
    var validationRules: ValidationRules?
    var isActive: Bool
    var requiresRestart: Bool
    var version: Int64
    var createdAt: Date
    var updatedAt: Date
    var updatedBy: UUID?

    var state: SettingState { SettingState(value: value?.json, isActive: isActive, isPublic: isPublic, isSensitive: isSensitive) }

    enum CodingKeys: String, CodingKey {
        case id, key, value, description, category, version
        case valueHint = "value_hint"
        case dataType = "data_type"
        case isSensitive = "is_sensitive"
        case isPublic = "is_public"
        case isSystem = "is_system"
        case validationRules = "validation_rules"
        case isActive = "is_active"
        case requiresRestart = "requires_restart"
        case createdAt = "created_at"
        case updatedAt = "updated_at"
        case updatedBy = "updated_by"
    }
}
