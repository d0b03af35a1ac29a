import Contracts
import Foundation
import Mustache

/// A template ready to render.
struct CompiledTemplate: Sendable {
    let content: TemplateContent
    private let subject: MustacheTemplate
    private let html: MustacheTemplate
    private let text: MustacheTemplate?

    init(_ content: TemplateContent) throws(TemplateError) {
        self.content = content
        subject = try Self.compile(content.subject, part: "subject", escaping: false)
        html = try Self.compile(content.html, part: "html_content", escaping: true)
        text = try content.text.map { text throws(TemplateError) in try Self.compile(text, part: "text_content", escaping: false) }
    }

    /// Values are escaped for HTML in the HTML part alone. Throws when a required value is missing or the result would be too large.
    func render(_ data: [String: TemplateValue]) throws(TemplateError) -> RenderedMail {
        if let missing = content.variables.first(where: { $0.required && Self.isAbsent(data[$0.name]) }) {
            throw .missing(variable: missing.name)
        }
        let budget = RenderBudget(templateBytes: content.html.utf8.count + (content.text?.utf8.count ?? 0))
        let context = budget.context(data)
        let renderedHTML = html.render(context)
        let renderedText = text?.render(context)
        let line = Self.singleLine(subject.render(context))
        guard budget.spend(0) else { throw .tooLarge }
        return RenderedMail(subject: line, html: renderedHTML, text: renderedText ?? PlainText.from(html: renderedHTML))
    }

    private static func compile(_ source: String, part: String, escaping: Bool) throws(TemplateError) -> MustacheTemplate {
        if let problem = TemplateSyntax.problem(in: source) { throw .syntax(part: part, problem: problem) }
        do {
            return try MustacheTemplate(string: escaping ? source : "{{% CONTENT_TYPE:TEXT}}\n" + source)
        } catch {
            throw .syntax(part: part, problem: "\(error)")
        }
    }

    private static func isAbsent(_ value: TemplateValue?) -> Bool { value == nil || value == .text("") }

    /// A subject is one line, whatever a value brought along.
    private static func singleLine(_ text: String) -> String {
        var clean = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            let breaks = scalar.properties.generalCategory == .control || scalar == "\u{2028}" || scalar == "\u{2029}"
            clean.append(breaks ? " " : scalar)
        }
        let line = String(clean).split(separator: " ").joined(separator: " ")
        return String(String.UnicodeScalarView(line.unicodeScalars.prefix(500)))
    }
}
