import Foundation
import ServiceKit

/// What is to change of a setting: a merge patch. Its key and its type stay.
struct SettingChange: Decodable, Sendable {
    var value: Change<JSONValue>
    var description: Change<String>
    var category: String?
    var isSensitive: Bool?
    var isPublic: Bool?
    var isSystem: Bool?
    var validationRules: Change<ValidationRules>
    var isActive: Bool?
    var requiresRestart: Bool?

    enum CodingKeys: String, CodingKey {
        case value, description, category
        case isSensitive = "is_sensitive"
        case isPublic = "is_public"
        case isSystem = "is_system"
        case validationRules = "validation_rules"
        case isActive = "is_active"
        case requiresRestart = "requires_restart"
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        value = try container.change(.value)
        description = try container.change(.description)
        category = try container.decodeIfPresent(String.self, forKey: .category)
        isSensitive = try container.decodeIfPresent(Bool.self, forKey: .isSensitive)
        isPublic = try container.decodeIfPresent(Bool.self, forKey: .isPublic)
        isSystem = try container.decodeIfPresent(Bool.self, forKey: .isSystem)
        validationRules = try container.change(.validationRules)
        isActive = try container.decodeIfPresent(Bool.self, forKey: .isActive)
        requiresRestart = try container.decodeIfPresent(Bool.self, forKey: .requiresRestart)
    }

    /// Whether it goes beyond what a moderator may set.
    var isStructural: Bool {
        if case .absent = validationRules { return isSensitive != nil || isPublic != nil || isSystem != nil || requiresRestart != nil }
        return true
    }

    /// What the setting becomes, held against its rules. `plain` is the value it has now, a sensitive one opened. Throws `APIError.invalid`.
    func applied(to setting: Setting, plain: JSONValue) throws -> (setting: Setting, plain: JSONValue) {
        var check = Validation()
        var setting = setting
        var plain = plain
        switch value {
        case .absent:
            check(
                !setting.isSensitive || isSensitive != false, "/value", "required",
                "is required: what was sensitive is not shown by being it no longer")
        case .clear: check(false, "/value", "required", "must not be null")
        case .set(let new): plain = new
        }
        switch description {
        case .absent: break
        case .clear: setting.description = nil
        case .set(let text): setting.description = text
        }
        switch validationRules {
        case .absent: break
        case .clear: setting.validationRules = nil
        case .set(let rules): setting.validationRules = rules
        }
        setting.category = category ?? setting.category
        setting.isSensitive = isSensitive ?? setting.isSensitive
        setting.isPublic = isPublic ?? setting.isPublic
        setting.isSystem = isSystem ?? setting.isSystem
        setting.isActive = isActive ?? setting.isActive
        setting.requiresRestart = requiresRestart ?? setting.requiresRestart
        check.text(description.value, "/description", maximum: 2000, multiline: true)
        check.category(category)
        check(!setting.isSensitive || !setting.isPublic, "/is_public", "mismatch", "must be false for what is sensitive")
        check.setting(plain, of: setting.dataType, rules: setting.validationRules)
        try check.finish()
        setting.value = setting.isSensitive ? nil : plain
        return (setting, plain)
    }
}
