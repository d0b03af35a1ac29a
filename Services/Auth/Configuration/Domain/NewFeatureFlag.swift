import Contracts
import Foundation
import ServiceKit

/// A flag that an administrator makes; of a change every member is optional.
struct NewFeatureFlag: Decodable, Sendable, Validated {
    var name: String
    var description: String?
    var enabled: Bool?
    var config: FeatureFlagRules?

    static func isName(_ text: String) -> Bool { text.wholeMatch(of: /[a-z][a-z0-9_.-]{1,99}/) != nil }

    func validate(_ check: inout Validation) {
        check(Self.isName(name), "/name", "format", "must be 2 to 100 of a-z, 0-9, _, . and -, beginning with a letter")
        check.text(description, "/description", maximum: 2000, multiline: true)
        config?.validate(&check, at: "/config")
    }
}

/// What is to change of a flag: a merge patch. `config` is replaced as a whole.
struct FeatureFlagChange: Decodable, Sendable, Validated {
    var description: Change<String>
    var enabled: Bool?
    var config: FeatureFlagRules?

    enum CodingKeys: String, CodingKey { case description, enabled, config }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        description = try container.change(.description)
        enabled = try container.decodeIfPresent(Bool.self, forKey: .enabled)
        config = try container.decodeIfPresent(FeatureFlagRules.self, forKey: .config)
    }

    func validate(_ check: inout Validation) {
        check.text(description.value, "/description", maximum: 2000, multiline: true)
        config?.validate(&check, at: "/config")
    }
}

extension FeatureFlagRules {
    static let mostRules = 50
    static let mostIDs = 1000

    func validate(_ check: inout Validation, at pointer: String) {
        check(rules.count <= Self.mostRules, pointer + "/rules", "length", "must be at most \(Self.mostRules)")
        for (index, rule) in rules.prefix(Self.mostRules).enumerated() {
            let place = "\(pointer)/rules/\(index)"
            let named = [rule.users != nil, rule.agencies != nil, rule.percentage != nil].filter(\.self).count
            check(named == 1, place, "mismatch", "must name exactly one of users, agencies and percentage")
            check.range(rule.percentage, place + "/percentage", 0...100)
            check((rule.users ?? []).count <= Self.mostIDs, place + "/users", "length", "must be at most \(Self.mostIDs)")
            check((rule.agencies ?? []).count <= Self.mostIDs, place + "/agencies", "length", "must be at most \(Self.mostIDs)")
        }
    }
}
