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
        originalFilename = name?.original ?? ""
        filename = name?.safe ?? ""
        fileExtension = name?.fileExtension ?? ""
        let declared = MIMEType(form.mimeType)
        let found = MIMEType(head: head)
        check(
            found == declared || declared?.isRecognisable != true, "/file", "content-mismatch",
            "is not what its content type \(declared?.name ?? "") says")
        mimeType = (found ?? declared ?? .unknown).name
        form.validate(&check)
        title = form.title
        description = form.description
        category = form.category
        documentType = form.documentType.flatMap(DocumentType.init(rawValue:))
        visibility = form.visibility.flatMap(DocumentVisibility.init(rawValue:)) ?? .private
        agencyID = form.agencyID.flatMap(UUID.init(uuidString:))
        tags = form.tags
        try check.finish()
        try form.checkRights(of: caller)
    }
}
