/// One element of a page.
struct HTMLElement: Sendable {
    let document: HTMLDocument
    let index: Int

    private var node: HTMLDocument.Node { document.nodes[index] }

    var tag: String { node.tag }
    var id: String? { node.attributes["id"] }
    var classes: [Substring] { (node.attributes["class"] ?? "").split(whereSeparator: \.isWhitespace) }
    func hasClass(_ name: String) -> Bool { classes.contains { $0 == name } }
    subscript(attribute: String) -> String? { node.attributes[attribute] }

    var parent: HTMLElement? { node.parent < 0 ? nil : HTMLElement(document: document, index: node.parent) }

    /// Descendants that match, in document order.
    func all(_ selector: HTMLSelector) -> [HTMLElement] {
        (index + 1..<max(node.end, index + 1)).lazy
            .map { HTMLElement(document: document, index: $0) }
            .filter { selector.matches($0) }
    }

    func first(_ selector: HTMLSelector) -> HTMLElement? {
        for index in index + 1..<max(node.end, index + 1) {
            let element = HTMLElement(document: document, index: index)
            if selector.matches(element) { return element }
        }
        return nil
    }

    /// What a reader of the page sees, white space collapsed; scripts and styles left out.
    var text: String { lines.joined(separator: " ") }

    /// Text that stands directly in this element, its children's left out.
    var ownText: String {
        document.nodes[index..<node.end].filter { $0.parent == index && $0.tag.isEmpty }.map(\.text).joined(separator: " ").collapsed
    }

    /// The text of this element, cut where the page shows a new line.
    var lines: [String] {
        var lines: [String] = []
        var line = ""
        var index = index
        let end = node.end
        while index < end {
            let node = document.nodes[index]
            if Self.unseen.contains(node.tag) {
                index = node.end
                continue
            }
            if Self.breaking.contains(node.tag) {
                lines.append(line)
                line = ""
            }
            line += node.text
            // A block ends a line as well as beginning one, and its end has no entry of its own.
            if node.tag.isEmpty, endsBlock(at: index) {
                lines.append(line)
                line = ""
            }
            index += 1
        }
        lines.append(line)
        return lines.map(\.collapsed).filter { !$0.isEmpty }
    }

    /// The raw text of a script.
    var source: String { document.nodes[index..<node.end].map(\.text).joined() }

    private func endsBlock(at index: Int) -> Bool {
        var parent = document.nodes[index].parent
        while parent >= 0, document.nodes[parent].end == index + 1 {
            if Self.breaking.contains(document.nodes[parent].tag) { return true }
            parent = document.nodes[parent].parent
        }
        return false
    }

    private static let unseen: Set<String> = ["script", "style", "noscript", "template", "head"]
    private static let breaking: Set<String> = [
        "br", "p", "div", "li", "ul", "ol", "tr", "td", "th", "table", "section", "article", "dl", "dt", "dd", "h1", "h2", "h3", "h4", "h5", "h6",
    ]
}

extension StringProtocol {
    /// White space, the unbreakable kinds included, made single spaces.
    var collapsed: String { split(whereSeparator: \.isWhitespace).joined(separator: " ") }
}
