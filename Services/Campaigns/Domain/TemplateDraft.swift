import Foundation
import ServiceKit

/// What an editor writes: a new template, or one with a patch applied.
struct TemplateDraft: Codable, Sendable, Validated {
    /// The system agency when absent.
    var agencyID: UUID?
    var name: String
    var description: String?
    var templateType: String?
    var type: TemplateType
    var category: TemplateCategory
    var status: TemplateStatus?
    var subject: String
    var htmlContent: String
    var textContent: String?
    var variables: [TemplateVariable]?
    var metadata: [String: String]?
    var locale: String?
    var parentTemplateID: UUID?
    var isDefault: Bool?
    var priority: Int?
    var tags: [String]?

    func validate(_ check: inout Validation) {
        check.text(name, "/name", maximum: 255)
        check.text(description.flatMap { $0.isEmpty ? nil : $0 }, "/description", maximum: 2_000, multiline: true)
        check.text(subject, "/subject", maximum: 500)
        check((1...262_144).contains(htmlContent.utf8.count), "/html_content", "length", "must be between 1 and 262144 bytes long")
        check((textContent ?? "").utf8.count <= 262_144, "/text_content", "length", "must be at most 262144 bytes long")
        check(
            templateType?.wholeMatch(of: /[a-z][a-z0-9_]{0,49}/) != nil || templateType == nil, "/template_type", "format",
            "must be like market_update")
        check(
            locale?.wholeMatch(of: /[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}/) != nil || locale == nil, "/locale", "format",
            "must be a language tag such as de-DE")
        check.range(priority, "/priority", -1_000...1_000)
        check((variables ?? []).count <= 100, "/variables", "length", "must be at most 100")
        for (index, variable) in (variables ?? []).enumerated() {
            check(
                variable.name.wholeMatch(of: /[A-Za-z_][A-Za-z0-9_]{0,63}/) != nil, "/variables/\(index)/name", "format",
                "must be letters, digits and _")
            check(
                variable.description.unicodeScalars.count <= 500, "/variables/\(index)/description", "length", "must be at most 500 characters long")
        }
        check(
            (tags ?? []).count <= 50 && (tags ?? []).allSatisfy { (1...100).contains($0.unicodeScalars.count) }, "/tags", "length",
            "must be at most 50 of 1 to 100 characters")
        check(
            (metadata ?? [:]).count <= 50 && (metadata ?? [:]).allSatisfy { $0.key.count <= 100 && $0.value.count <= 1_000 }, "/metadata", "length",
            "must be at most 50 short texts")
        for (part, source) in [("subject", subject), ("html_content", htmlContent), ("text_content", textContent ?? "")] {
            if let problem = TemplateSyntax.problem(in: source) { check(false, "/\(part)", "template", problem) }
        }
    }

    enum CodingKeys: String, CodingKey {
        case name, description, type, category, status, subject, variables, metadata, locale, priority, tags
        case agencyID = "agency_id"
        case templateType = "template_type"
        case htmlContent = "html_content"
        case textContent = "text_content"
        case parentTemplateID = "parent_template_id"
        case isDefault = "is_default"
    }
}
