import Foundation
import ServiceKit

/// What comes with a file: from the form's fields or the query, before or after the bytes.
struct UploadForm: Sendable {
    var filename: String?
    var mimeType: String?
    var title: String?
    var description: String?
    var documentType: String?
    var category: String?
    var visibility: String?
    var agencyID: String?
    var tags: [String] = []

    /// Takes a field of the form; one of another name is not an error, as browsers send buttons too. A form sends what was not filled in as an empty text.
    mutating func take(_ value: String, as field: String) {
        guard !value.isEmpty else { return }
        switch field {
        case "title": title = value
        case "description": description = value
        case "document_type": documentType = value
        case "category": category = value
        case "visibility": visibility = value
        case "agency_id": agencyID = value
        case "tags": tags += value.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
        case "filename": filename = value
        default: break
        }
    }
}
