import Files
import Foundation
import ServiceKit

/// A document about to be made from a stored file and its form, every field checked.
struct NewDocument: Sendable {
    var file: StoredFile
    var filename: String
    var originalFilename: String
    var fileExtension: String
    var mimeType: String
    var documentType: DocumentType?
    var category: String?
    var visibility: DocumentVisibility
    var title: String?
    var description: String?
    var agencyID: UUID?
    var tags: [String]

    /// Throws 422 for every field that is not valid, and 403 for an agency that the caller does not belong to.
    init(_ form: UploadForm, file: StoredFile, head: [UInt8], by caller: Caller) throws {
        self.file = file
        var check = Validation()
        let name = FileName(form.filename ?? "")
        check(name != nil, "/filename", "required", "must name the file")
        originalFilename = name?.original ?? ""
        filename = name?.safe ?? ""
        fileExtension = name?.fileExtension ?? ""
        let declared = MIMEType(form.mimeType)
        let found = MIMEType(head: head)
        check(
            found == declared || declared?.isRecognisable != true, "/file", "content-mismatch",
            "is not what its content type \(declared?.name ?? "") says")
        mimeType = (found ?? declared ?? .unknown).name
        check.text(form.title, "/title", maximum: 500)
        check.text(form.description, "/description", maximum: 5000, multiline: true)
        check.text(form.category, "/category", maximum: 100)
        title = form.title
        description = form.description
        category = form.category
        documentType = form.documentType.flatMap(DocumentType.init(rawValue:))
        check(documentType != nil || form.documentType == nil, "/document_type", "unknown", "must be \(DocumentType.expectation)")
        visibility = form.visibility.flatMap(DocumentVisibility.init(rawValue:)) ?? .private
        check(
            form.visibility.map { DocumentVisibility(rawValue: $0) != nil } ?? true, "/visibility", "unknown",
            "must be one of: " + DocumentVisibility.allCases.map(\.rawValue).joined(separator: ", "))
        agencyID = form.agencyID.flatMap(UUID.init(uuidString:))
        check(agencyID != nil || form.agencyID == nil, "/agency_id", "format", "must be a UUID")
        check(agencyID != nil || (visibility != .team && visibility != .agency), "/agency_id", "required", "is needed for this visibility")
        tags = form.tags
        check(tags.count <= 50, "/tags", "too-many", "has more than 50 entries")
        for (index, tag) in tags.prefix(50).enumerated() { check.text(tag, "/tags/\(index)", maximum: 100) }
        try check.finish()
        if let agencyID, !caller.may(.documentsWrite, in: agencyID) { throw APIError.forbidden }
    }
}
