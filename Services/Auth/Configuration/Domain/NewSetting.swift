import Foundation
import ServiceKit

/// A setting that an administrator makes.
struct NewSetting: Decodable, Sendable, Validated {
    /// Bytes of JSON.
    static let largestValue = 16_384

    var key: String
    var value: JSONValue
    var dataType: DataType
    var description: String?
    var category: String?
    var isSensitive: Bool?
    var isPublic: Bool?
    var isSystem: Bool?
    var validationRules: ValidationRules?
    var isActive: Bool?
    var requiresRestart: Bool?

    enum CodingKeys: String, CodingKey {
        case key, value, description, category
        case dataType = "data_type"
        case isSensitive = "is_sensitive"
        case isPublic = "is_public"
        case isSystem = "is_system"
        case validationRules = "validation_rules"
        case isActive = "is_active"
        case requiresRestart = "requires_restart"
    }

    static func isKey(_ text: String) -> Bool {
        text.utf8.count <= 255 && text.wholeMatch(of: /[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+/) != nil
    }

    func validate(_ check: inout Validation) {
        check(Self.isKey(key), "/key", "format", "must be words of a-z, 0-9 and _ with dots between, such as catalog.match_threshold")
        check.text(description, "/description", maximum: 2000, multiline: true)
        check.category(category)
        check(!(isSensitive ?? false) || !(isPublic ?? false), "/is_public", "mismatch", "must be false for what is sensitive")
        check.setting(value, of: dataType, rules: validationRules)
    }
}

extension Validation {
    mutating func category(_ category: String?) {
        guard let category else { return }
        self(SettingCategory(query: category) != nil, "/category", "format", "must be \(SettingCategory.expectation)")
    }

    /// The rules first: a value is held against them only when they are rules.
    mutating func setting(_ value: JSONValue, of type: DataType, rules: ValidationRules?) {
        self(DataType(of: value) == type, "/value", "type", "must be of type \(type.rawValue)")
        self(value.json.utf8.count <= NewSetting.largestValue, "/value", "length", "must be at most \(NewSetting.largestValue) bytes of JSON")
        // A sealed value is told from a plain one by this member.
        self(value.object?["sealed"] == nil, "/value/sealed", "reserved", "is a name that the database keeps for itself")
        let size = rules.flatMap { try? JSONEncoder().encode($0).count } ?? 0
        self(size <= NewSetting.largestValue, "/validation_rules", "length", "must be at most \(NewSetting.largestValue) bytes of JSON")
        let before = errors.count
        rules?.validate(&self, at: "/validation_rules")
        if errors.count == before { rules?.apply(to: value, &self, at: "/value") }
    }
}
