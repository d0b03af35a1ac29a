import Foundation

/// Which part of Mustache a template may use: variables, sections, inverted sections and comments. Not allowed is what turns escaping off (`{{{x}}}`, `{{&x}}`,
/// pragmas, other delimiters: a listing's title is a stranger's text) and what reaches other templates.
enum TemplateSyntax {
    static let maximumDepth = 8

    /// What is wrong, nil when nothing is.
    static func problem(in template: String) -> String? {
        var open: [Substring] = []
        var rest = template[...]
        while let start = rest.range(of: "{{") {
            rest = rest[start.upperBound...]
            guard let end = rest.range(of: "}}") else { return "a tag does not end" }
            let tag = rest[..<end.lowerBound].drop(while: \.isWhitespace)
            rest = rest[end.upperBound...]
            guard let kind = tag.first, kind != "!" else { continue }
            let name = (["#", "^", "/"].contains(kind) ? tag.dropFirst() : tag).filter { !$0.isWhitespace }
            guard isName(name) else { return "{{\(tag.prefix(40))}} is not a variable, a section or a comment" }
            if kind == "#" || kind == "^" { open.append(Substring(name)) }
            if kind == "/", open.popLast() != Substring(name) { return "{{/\(name.prefix(40))}} closes nothing" }
            if open.count > maximumDepth { return "sections are nested more than \(maximumDepth) deep" }
        }
        return open.last.map { "the section \($0.prefix(40)) does not end" }
    }

    private static func isName(_ name: String) -> Bool {
        name == "."
            || !name.isEmpty
                && name.utf8.allSatisfy { byte in
                    (byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x7A || byte >= 0x30 && byte <= 0x39 || byte == UInt8(ascii: "_")
                        || byte == UInt8(ascii: ".")
                }
    }
}
