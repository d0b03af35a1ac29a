import Contracts

/// The values to preview a template with.
struct PreviewBody: Decodable, Sendable {
    var data: [String: TemplateValue]?
}
