import Foundation
import ServiceKit

/// What can be said of an upload without its bytes.
extension UploadForm: Validated {
    func validate(_ check: inout Validation) {
        check(FileName(filename ?? "") != nil, "/filename", "required", "must name the file")
        check.text(title, "/title", maximum: 500)
        check.text(description, "/description", maximum: 5000, multiline: true)
        check.text(category, "/category", maximum: 100)
        check(isKnown(documentType, DocumentType.self), "/document_type", "unknown", "must be \(DocumentType.expectation)")
        let visibilities = DocumentVisibility.allCases.map(\.rawValue).joined(separator: ", ")
        check(isKnown(visibility, DocumentVisibility.self), "/visibility", "unknown", "must be one of: \(visibilities)")
        check(agencyID == nil || agency != nil, "/agency_id", "format", "must be a UUID")
        let isShared = [DocumentVisibility.team, .agency].map(\.rawValue).contains(visibility)
        check(agency != nil || !isShared, "/agency_id", "required", "is needed for this visibility")
        check(tags.count <= 50, "/tags", "too-many", "has more than 50 entries")
        for (index, tag) in tags.prefix(50).enumerated() { check.text(tag, "/tags/\(index)", maximum: 100) }
    }

    /// 403 for an agency in which the caller may not write documents.
    func checkRights(of caller: Caller) throws {
        if let agency, !caller.may(.documentsWrite, in: agency) { throw APIError.forbidden }
    }

    private var agency: UUID? { agencyID.flatMap(UUID.init(uuidString:)) }

    private func isKnown<Value: RawRepresentable<String>>(_ text: String?, _ type: Value.Type) -> Bool {
        text.map { Value(rawValue: $0) != nil } ?? true
    }
}
