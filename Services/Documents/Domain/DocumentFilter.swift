import Foundation
import Hummingbird
import ServiceKit

/// What a list of documents is narrowed to.
struct DocumentFilter: Sendable {
    var text: String?
    var documentType: DocumentType?
    var agencyID: UUID?

    init(_ request: Request) throws {
        text = try request.query("q", maximum: 200)
        documentType = try request.query("document_type")
        agencyID = try request.query("agency_id")
    }
}
