import Foundation

/// A change of some of a template's fields; what is absent stays. An empty `description` or `text_content` takes it away.
struct TemplatePatch: Codable, Sendable {
    var name: String?
    var description: String?
    var templateType: String?
    var type: TemplateType?
    var category: TemplateCategory?
    var status: TemplateStatus?
    var subject: String?
    var htmlContent: String?
    var textContent: String?
    var variables: [TemplateVariable]?
    var metadata: [String: String]?
    var locale: String?
    var isDefault: Bool?
    var priority: Int?
    var tags: [String]?

    func applied(to template: EmailTemplate) -> TemplateDraft {
        TemplateDraft(
            agencyID: template.agencyID, name: name ?? template.name, description: description ?? template.description,
            templateType: templateType ?? template.templateType, type: type ?? template.type, category: category ?? template.category,
            status: status ?? template.status, subject: subject ?? template.subject, htmlContent: htmlContent ?? template.htmlContent ?? "",
            textContent: textContent ?? template.textContent, variables: variables ?? template.variables, metadata: metadata ?? template.metadata,
            locale: locale ?? template.locale, parentTemplateID: template.parentTemplateID, isDefault: isDefault ?? template.isDefault,
            priority: priority ?? template.priority, tags: tags ?? template.tags)
    }

    enum CodingKeys: String, CodingKey {
        case name, description, type, category, status, subject, variables, metadata, locale, priority, tags
        case templateType = "template_type"
        case htmlContent = "html_content"
        case textContent = "text_content"
        case isDefault = "is_default"
    }
}
