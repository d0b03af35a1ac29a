import Foundation
import Messaging

/// A setting of the platform was made, changed or deleted. Every copy of every service asks `auth` anew what holds.
public struct ConfigurationChanged: Event {
    public static let name = "auth.configuration.changed.v1"
    public var settingID: UUID
    public var key: String
    /// created, updated, deleted
    public var change: String
    public var before: SettingState?
    public var after: SettingState?
    /// The columns that changed.
    public var changedFields: [String]
    /// low, medium, high, critical: how much it weighs in the audit trail.
    public var riskLevel: String
    public var version: Int64
    public var subject: UUID { settingID }
    public var aggregateVersion: Int64? { version }
    public init(
        settingID: UUID, key: String, change: String, before: SettingState?, after: SettingState?, changedFields: [String], riskLevel: String,
        version: Int64
    ) {
        self.settingID = settingID
        self.key = key
        self.change = change
        self.before = before
        self.after = after
        self.changedFields = changedFields
        self.riskLevel = riskLevel
        self.version = version
    }
    enum CodingKeys: String, CodingKey {
        case key, change, before, after, version
        case settingID = "setting_id"
        case changedFields = "changed_fields"
        case riskLevel = "risk_level"
    }
}

/// A setting as the audit trail may show it.
public struct SettingState: Codable, Sendable, Hashable {
    /// JSON; nil when it is sensitive.
    public var value: String?
    public var isActive: Bool
    public var isPublic: Bool
    public var isSensitive: Bool
    public init(value: String?, isActive: Bool, isPublic: Bool, isSensitive: Bool) {
        self.value = value
        self.isActive = isActive
        self.isPublic = isPublic
        self.isSensitive = isSensitive
    }
    enum CodingKeys: String, CodingKey {
        case value
        case isActive = "is_active"
        case isPublic = "is_public"
        case isSensitive = "is_sensitive"
    }
}

/// A feature flag was made, changed or deleted. Every copy of every service asks `auth` anew what holds.
public struct FeatureFlagChanged: Event {
    public static let name = "auth.feature_flag.changed.v1"
    public var flagID: UUID
    public var name: String
    /// created, updated, deleted
    public var change: String
    public var before: FeatureFlagState?
    public var after: FeatureFlagState?
    public var version: Int64
    public var subject: UUID { flagID }
    public var aggregateVersion: Int64? { version }
    public init(flagID: UUID, name: String, change: String, before: FeatureFlagState?, after: FeatureFlagState?, version: Int64) {
        self.flagID = flagID
        self.name = name
        self.change = change
        self.before = before
        self.after = after
        self.version = version
    }
    enum CodingKeys: String, CodingKey {
        case flagID = "flag_id"
        case name, change, before, after, version
    }
}

/// What decides whether a flag is on.
public struct FeatureFlagState: Codable, Sendable, Hashable {
    public var enabled: Bool
    public var config: FeatureFlagRules
    public init(enabled: Bool, config: FeatureFlagRules) {
        self.enabled = enabled
        self.config = config
    }
}

/// For whom an enabled flag is on: the first rule that fits decides, and `fallback` when none does.
public struct FeatureFlagRules: Codable, Sendable, Hashable {
    /// One rule: it names users, agencies or a share of all users, and what holds for them.
    public struct Rule: Codable, Sendable, Hashable {
        public var users: [UUID]?
        public var agencies: [UUID]?
        /// Per cent of all users, to the hundredth; who they are does not change while it only grows.
        public var percentage: Double?
        /// What holds for whom the rule fits: on, unless it says otherwise.
        public var value: Bool?
        public init(users: [UUID]? = nil, agencies: [UUID]? = nil, percentage: Double? = nil, value: Bool? = nil) {
            self.users = users
            self.agencies = agencies
            self.percentage = percentage
            self.value = value
        }
    }

    public var rules: [Rule]
    /// What holds for everybody else, visitors included; off when absent, on when there are no rules.
    public var fallback: Bool?
    public init(rules: [Rule] = [], fallback: Bool? = nil) {
        self.rules = rules
        self.fallback = fallback
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        rules = try container.decodeIfPresent([Rule].self, forKey: .rules) ?? []
        fallback = try container.decodeIfPresent(Bool.self, forKey: .fallback)
    }

    enum CodingKeys: String, CodingKey {
        case rules
        case fallback = "default"
    }
}

/// Asked of `auth` by every copy of every service when it starts, when it reconnects and when something changed: what holds now.
public struct ListConfiguration: Request {
    public static let name = "auth.configuration.list.v1"
    public static let senders = ["catalog", "documents", "campaigns", "alerts", "scraper", "analytics"]
    public init() {}
    /// Settings that are active, every flag, and who is shut out.
    public struct Response: Codable, Sendable, Hashable {
        public var settings: [SettingSnapshot]
        public var flags: [FeatureFlagSnapshot]
        public var blocks: [RateLimitBlockSnapshot]
        public init(settings: [SettingSnapshot], flags: [FeatureFlagSnapshot], blocks: [RateLimitBlockSnapshot] = []) {
            self.settings = settings
            self.flags = flags
            self.blocks = blocks
        }
    }
}

/// A setting as services hold it.
public struct SettingSnapshot: Codable, Sendable, Hashable {
    public var key: String
    /// JSON; nil when it is sensitive.
    public var value: String?
    /// The JSON of a sensitive one, sealed (base64, context `auth.system_configuration.value`).
    public var sealedValue: String?
    public var isPublic: Bool
    /// A process keeps what it has heard first until it starts anew.
    public var requiresRestart: Bool
    public init(key: String, value: String?, sealedValue: String?, isPublic: Bool, requiresRestart: Bool) {
        self.key = key
        self.value = value
        self.sealedValue = sealedValue
        self.isPublic = isPublic
        self.requiresRestart = requiresRestart
    }
    /// What a sensitive value is sealed for.
    public static let sealingContext = "auth.system_configuration.value"
    enum CodingKeys: String, CodingKey {
        case key, value
        case sealedValue = "sealed_value"
        case isPublic = "is_public"
        case requiresRestart = "requires_restart"
    }
}

/// A feature flag as services hold it.
public struct FeatureFlagSnapshot: Codable, Sendable, Hashable {
    public var name: String
    public var enabled: Bool
    public var config: FeatureFlagRules
    public init(name: String, enabled: Bool, config: FeatureFlagRules) {
        self.name = name
        self.enabled = enabled
        self.config = config
    }
}
