import Foundation

/// Which templates a list shows; nil fields do not narrow it.
struct TemplateFilter: Sendable {
    var agencyID: UUID?
    var name: String?
    var locale: String?
    var type: TemplateType?
    var category: TemplateCategory?
    var status: TemplateStatus?
}
