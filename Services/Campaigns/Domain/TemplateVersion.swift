import Foundation

/// What a template said before it was changed.
struct TemplateVersion: Codable, Sendable {
    /// `current_version` while it was the content.
    var version: Int
    var subject: String
    var htmlContent: String
    var textContent: String?
    var variables: [TemplateVariable]
    /// Who replaced it, and when.
    var replacedBy: UUID?
    var replacedAt: Date

    /// How many a template keeps.
    static let limit = 50

    enum CodingKeys: String, CodingKey {
        case version, subject, variables
        case htmlContent = "html_content"
        case textContent = "text_content"
        case replacedBy = "replaced_by"
        case replacedAt = "replaced_at"
    }
}
