import Contracts
import Foundation
import Testing

@testable import Campaigns

struct CompiledTemplateTests {
    private func template(_ html: String, subject: String = "s", text: String? = nil, variables: [TemplateVariable] = []) throws -> CompiledTemplate {
        try CompiledTemplate(
            TemplateContent(
                id: UUID(), agencyID: EmailTemplate.systemAgency, name: "t", type: .notification, category: .newListing, subject: subject, html: html,
                text: text, variables: variables, version: 1))
    }

    @Test func `values are escaped in HTML and nowhere else`() throws {
        let mail = try template("<b>{{x}}</b>", subject: "{{x}}", text: "{{#s}}{{x}}{{/s}}").render(["x": "A & <B>", "s": .flag(true)])
        #expect(mail == RenderedMail(subject: "A & <B>", html: "<b>A &amp; &lt;B&gt;</b>", text: "A & <B>"))
    }

    @Test func `an empty text leaves its section out, a list repeats, and its heading stands once`() throws {
        let source = "{{#a}}[{{a}}]{{/a}}{{#has_l}}H:{{#l}}{{t}},{{/l}}{{/has_l}}"
        #expect(try template(source).render(["a": "", "l": .list([["t": "x"], ["t": "y"]])]).html == "H:x,y,")
        #expect(try template(source).render(["a": "1", "l": .list([])]).html == "[1]")
    }

    @Test func `a subject is one line of at most 500 characters whatever a value brings along`() throws {
        let value = TemplateValue.text("a\r\nBcc: eve@example.org\u{2028}" + String(repeating: "é", count: 600))
        let subject = try template("x", subject: "{{v}}").render(["v": value]).subject
        #expect(subject.hasPrefix("a Bcc: eve@example.org éé") && subject.unicodeScalars.count == 500)
    }

    @Test func `a required value that is missing or empty fails the mail`() throws {
        let template = try template("x", variables: [TemplateVariable(name: "link", required: true)])
        #expect(throws: TemplateError.missing(variable: "link")) { try template.render([:]) }
        #expect(throws: TemplateError.missing(variable: "link")) { try template.render(["link": ""]) }
    }

    @Test(arguments: [
        "{{{x}}}", "{{&x}}", "{{>p}}", "{{<p}}{{/p}}", "{{$b}}{{/b}}", "{{=<% %>=}}", "{{% CONTENT_TYPE:TEXT}}", "{{x", "{{#a}}", "{{/a}}",
        "{{#a}}{{#b}}{{/a}}{{/b}}", "{{a b()}}", "{{}}x{{ }}y{{a-b}}",
        String(repeating: "{{#a}}", count: 9) + String(repeating: "{{/a}}", count: 9),
    ])
    func `what could turn off escaping, reach elsewhere or does not parse is refused`(source: String) throws {
        #expect(throws: TemplateError.self) { try template(source) }
    }

    @Test func `a small template that asks for gigabytes ends at its budget`() throws {
        let list = TemplateValue.list(Array(repeating: ["x": "y"], count: 1_000))
        let source = "{{#l}}{{#l}}{{#l}}{{#l}}{{x}}{{/l}}{{/l}}{{/l}}{{/l}}"
        #expect(throws: TemplateError.tooLarge) { try template(source).render(["l": list]) }
        #expect(throws: TemplateError.tooLarge) {
            try template(String(repeating: "{{x}}", count: 1_000)).render(["x": .text(String(repeating: "y", count: 10_000))])
        }
    }
}
