import Foundation
import ServiceKit

/// A change of what is said about a file: what is present is set, null clears, what is absent stays (RFC 7396).
struct DocumentPatch: Decodable, Sendable, Validated {
    var title: String??
    var description: String??
    var category: String??
    var documentType: DocumentType??
    var tags: [String]?
    var visibility: DocumentVisibility?

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        func optional<Value: Decodable>(_ key: CodingKeys) throws -> Value?? {
            container.contains(key) ? .some(try container.decodeIfPresent(Value.self, forKey: key)) : .none
        }
        title = try optional(.title)
        description = try optional(.description)
        category = try optional(.category)
        documentType = try optional(.documentType)
        tags = try container.contains(.tags) ? container.decode([String].self, forKey: .tags) : nil
        visibility = try container.contains(.visibility) ? container.decode(DocumentVisibility.self, forKey: .visibility) : nil
    }

    func validate(_ check: inout Validation) {
        check.text(title ?? nil, "/title", maximum: 500)
        check.text(description ?? nil, "/description", maximum: 5000, multiline: true)
        check.text(category ?? nil, "/category", maximum: 100)
        check((tags?.count ?? 0) <= 50, "/tags", "too-many", "has more than 50 entries")
        for (index, tag) in (tags ?? []).prefix(50).enumerated() { check.text(tag, "/tags/\(index)", maximum: 100) }
    }

    /// Returns the names of the columns that changed. Throws 422 when a document without an agency is to be shared with one.
    func apply(to document: inout Document) throws -> [String] {
        var changed: [String] = []
        func set<Value: Equatable>(_ value: Value?, _ field: WritableKeyPath<Document, Value>, _ column: String) {
            guard let value, document[keyPath: field] != value else { return }
            document[keyPath: field] = value
            changed.append(column)
        }
        set(title, \.title, "title")
        set(description, \.description, "description")
        set(category, \.category, "category")
        set(documentType, \.documentType, "document_type")
        set(tags, \.tags, "tags")
        set(visibility, \.visibility, "visibility")
        if document.agencyID == nil, document.visibility == .team || document.visibility == .agency {
            throw APIError.invalid([FieldError("/visibility", "no-agency", "needs a document that belongs to an agency")])
        }
        return changed
    }

    enum CodingKeys: String, CodingKey {
        case title, description, category, tags, visibility
        case documentType = "document_type"
    }
}
