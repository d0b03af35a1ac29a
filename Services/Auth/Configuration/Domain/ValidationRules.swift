import Foundation
import ServiceKit

/// The rules of a setting: a subset of JSON Schema (2020-12), kept as it was written. A word that is not of the subset is refused rather than ignored.
struct ValidationRules: Codable, Sendable, Hashable {
    /// A rule that holds for all values of some kind. What it is about is left alone elsewhere, as JSON Schema has it.
    enum Keyword: String, CaseIterable {
        case type, `enum`, minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf, minLength, maxLength, pattern, format, minItems,
            maxItems, uniqueItems, items, properties, required, additionalProperties
    }

    enum Format: String, CaseIterable {
        case email, uri, uuid, date, duration, rate
    }

    static let deepest = 8
    static let longestPattern = 200

    var words: [String: JSONValue]

    init(_ words: [String: JSONValue]) { self.words = words }

    init(from decoder: any Decoder) throws { words = try decoder.singleValueContainer().decode([String: JSONValue].self) }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(words)
    }

    subscript(keyword: Keyword) -> JSONValue? { words[keyword.rawValue] }

    // MARK: - Whether they are rules

    /// Every word that is no rule, or no rule of that form, is told by its place.
    func validate(_ check: inout Validation, at pointer: String, depth: Int = 0) {
        guard depth < Self.deepest else { return check(false, pointer, "depth", "must not be nested more than \(Self.deepest) deep") }
        for (word, value) in words.sorted(by: { $0.key < $1.key }) {
            let place = pointer + "/" + word.replacing("~", with: "~0").replacing("/", with: "~1")
            guard let keyword = Keyword(rawValue: word) else {
                check(false, place, "unknown_value", "must be one of: " + Keyword.allCases.map(\.rawValue).joined(separator: ", "))
                continue
            }
            validate(keyword, value, &check, at: place, depth: depth)
        }
    }

    private func validate(_ keyword: Keyword, _ value: JSONValue, _ check: inout Validation, at place: String, depth: Int) {
        switch keyword {
        case .type:
            let types = DataType.allCases.map(\.rawValue) + ["integer"]
            check(value.text.map(types.contains) ?? false, place, "unknown_value", "must be one of: " + types.joined(separator: ", "))
        case .enum: check(!(value.list ?? []).isEmpty, place, "type", "must be a list that is not empty")
        case .minimum, .maximum, .exclusiveMinimum, .exclusiveMaximum: check(value.number != nil, place, "type", "must be a number")
        case .multipleOf: check(value.number.map { $0 > 0 } ?? false, place, "type", "must be a number above 0")
        case .minLength, .maxLength, .minItems, .maxItems: check(value.count != nil, place, "type", "must be a whole number from 0 on")
        case .pattern: check(Self.regex(value) != nil, place, "format", "must be a regular expression of at most \(Self.longestPattern) characters")
        case .format:
            let known = value.text.flatMap(Format.init(rawValue:)) != nil
            check(known, place, "unknown_value", "must be one of: " + Format.allCases.map(\.rawValue).joined(separator: ", "))
        case .uniqueItems, .additionalProperties: check(value.flag != nil, place, "type", "must be true or false")
        case .items:
            guard let rules = value.object else { return check(false, place, "type", "must be an object") }
            ValidationRules(rules).validate(&check, at: place, depth: depth + 1)
        case .properties:
            guard let properties = value.object else { return check(false, place, "type", "must be an object") }
            for (name, rules) in properties {
                guard let rules = rules.object else {
                    check(false, "\(place)/\(name)", "type", "must be an object")
                    continue
                }
                ValidationRules(rules).validate(&check, at: "\(place)/\(name)", depth: depth + 1)
            }
        case .required: check(value.list?.allSatisfy { $0.text != nil } ?? false, place, "type", "must be a list of names")
        }
    }

    // MARK: - Whether a value follows them

    /// Every broken rule is told, named by its word.
    func apply(to value: JSONValue, _ check: inout Validation, at pointer: String) {
        for keyword in Keyword.allCases {
            guard let rule = self[keyword] else { continue }
            switch keyword {
            case .type, .enum, .format: applyToAll(keyword, rule, value, &check, at: pointer)
            case .minimum, .maximum, .exclusiveMinimum, .exclusiveMaximum, .multipleOf: applyToNumber(keyword, rule, value, &check, at: pointer)
            case .minLength, .maxLength, .pattern: applyToText(keyword, rule, value, &check, at: pointer)
            case .minItems, .maxItems, .uniqueItems, .items: applyToList(keyword, rule, value, &check, at: pointer)
            case .properties, .required, .additionalProperties: applyToObject(keyword, rule, value, &check, at: pointer)
            }
        }
    }

    private func applyToAll(_ keyword: Keyword, _ rule: JSONValue, _ value: JSONValue, _ check: inout Validation, at pointer: String) {
        switch keyword {
        case .type:
            let isRight = rule.text == "integer" ? value.number.map(\.isWhole) ?? false : DataType(of: value)?.rawValue == rule.text
            check(isRight, pointer, "type", "must be of type \(rule.text ?? "")")
        case .enum:
            let allowed = rule.list ?? []
            check(allowed.contains(value), pointer, "enum", "must be one of: " + allowed.map(\.json).joined(separator: ", "))
        default:
            guard let format = rule.text.flatMap(Format.init(rawValue:)), let text = value.text else { return }
            check(format.matches(text), pointer, "format", "must be of the format \(format.rawValue)")
        }
    }

    private func applyToNumber(_ keyword: Keyword, _ rule: JSONValue, _ value: JSONValue, _ check: inout Validation, at pointer: String) {
        guard let number = value.number, let bound = rule.number else { return }
        switch keyword {
        case .minimum: check(number >= bound, pointer, "minimum", "must be at least \(bound)")
        case .maximum: check(number <= bound, pointer, "maximum", "must be at most \(bound)")
        case .exclusiveMinimum: check(number > bound, pointer, "exclusiveMinimum", "must be more than \(bound)")
        case .exclusiveMaximum: check(number < bound, pointer, "exclusiveMaximum", "must be less than \(bound)")
        default: check((number / bound).isWhole, pointer, "multipleOf", "must be a multiple of \(bound)")
        }
    }

    private func applyToText(_ keyword: Keyword, _ rule: JSONValue, _ value: JSONValue, _ check: inout Validation, at pointer: String) {
        guard let text = value.text else { return }
        let length = text.unicodeScalars.count
        switch keyword {
        case .minLength: check(length >= rule.count ?? 0, pointer, "minLength", "must be at least \(rule.json) characters long")
        case .maxLength: check(length <= rule.count ?? .max, pointer, "maxLength", "must be at most \(rule.json) characters long")
        default:
            let isFound = length <= 2000 && (Self.regex(rule).map { text.firstMatch(of: $0) != nil } ?? false)
            check(isFound, pointer, "pattern", "must match \(rule.text ?? "")")
        }
    }

    private func applyToList(_ keyword: Keyword, _ rule: JSONValue, _ value: JSONValue, _ check: inout Validation, at pointer: String) {
        guard let list = value.list else { return }
        switch keyword {
        case .minItems: check(list.count >= rule.count ?? 0, pointer, "minItems", "must have at least \(rule.json) entries")
        case .maxItems: check(list.count <= rule.count ?? .max, pointer, "maxItems", "must have at most \(rule.json) entries")
        case .uniqueItems: check(rule.flag != true || Set(list).count == list.count, pointer, "uniqueItems", "must not hold anything twice")
        default:
            guard let rules = rule.object else { return }
            for (index, item) in list.enumerated() { ValidationRules(rules).apply(to: item, &check, at: "\(pointer)/\(index)") }
        }
    }

    private func applyToObject(_ keyword: Keyword, _ rule: JSONValue, _ value: JSONValue, _ check: inout Validation, at pointer: String) {
        guard let object = value.object else { return }
        switch keyword {
        case .properties:
            for (name, rules) in rule.object ?? [:] {
                if let member = object[name], let rules = rules.object { ValidationRules(rules).apply(to: member, &check, at: "\(pointer)/\(name)") }
            }
        case .required:
            for name in rule.list?.compactMap(\.text) ?? [] where object[name] == nil {
                check(false, "\(pointer)/\(name)", "required", "is required")
            }
        default:
            guard rule.flag == false else { return }
            let known = Set((self[.properties]?.object ?? [:]).keys)
            for name in object.keys.sorted() where !known.contains(name) {
                check(false, "\(pointer)/\(name)", "additionalProperties", "is not known")
            }
        }
    }

    private static func regex(_ value: JSONValue) -> Regex<AnyRegexOutput>? {
        guard let text = value.text, text.count <= longestPattern else { return nil }
        return try? Regex(text)
    }
}

extension ValidationRules.Format {
    func matches(_ text: String) -> Bool {
        switch self {
        case .email: EmailAddress(text).isValid
        case .uri: URL(string: text)?.scheme != nil
        case .uuid: UUID(uuidString: text) != nil
        case .date: (try? Date.ISO8601FormatStyle().year().month().day().parse(text)) != nil
        case .duration: text.wholeMatch(of: /[0-9]+(ms|s|m|h|d)/) != nil
        case .rate: text == "off" || RateLimit("checked", setting: text) != nil
        }
    }
}

extension Decimal {
    fileprivate var isWhole: Bool {
        var (value, rounded) = (self, Decimal())
        NSDecimalRound(&rounded, &value, 0, .plain)
        return rounded == self
    }
}
