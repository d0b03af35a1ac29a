import Foundation
import Postgres
import ServiceKit

/// What it takes to render a template: what `template:{template_id}` holds in the cache.
struct TemplateContent: Codable, Sendable {
    var id: UUID
    var agencyID: UUID
    var name: String
    var type: TemplateType
    var category: TemplateCategory
    var subject: String
    var html: String
    var text: String?
    var variables: [TemplateVariable]
    var version: Int64

    func isReadable(by caller: Caller) -> Bool {
        agencyID == EmailTemplate.systemAgency || caller.may(.templatesRead, in: agencyID)
    }

    enum CodingKeys: String, CodingKey {
        case agencyID = "agency_id"
        case id, name, type, category, subject, variables, version
        case html = "html_content"
        case text = "text_content"
    }
}

extension TemplateContent: RowDecodable {
    static let columns: SQL = "id, agency_id, name, type, category, subject, html_content, text_content, variables, version"

    init(row: Row) throws {
        id = try row["id"]
        agencyID = try row["agency_id"]
        name = try row["name"]
        type = try row["type"]
        category = try row["category"]
        subject = try row["subject"]
        html = try row["html_content"]
        text = try row["text_content"]
        variables = try row.json("variables")
        version = try row["version"]
    }
}
