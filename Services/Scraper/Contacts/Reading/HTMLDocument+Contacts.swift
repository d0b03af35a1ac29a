import Foundation

extension HTMLDocument {
    private static let silent: Set<String> = ["script", "style", "noscript", "template", "head", "svg", "select"]
    private static let lines: Set<String> = [
        "p", "div", "br", "li", "ul", "ol", "tr", "td", "th", "table", "section", "article", "header", "footer", "h1", "h2", "h3", "h4", "h5", "h6",
        "dt", "dd", "address", "hr", "aside", "main", "nav", "form", "label", "option", "figcaption",
    ]

    /// What a reader sees, with a line's end where a block ends: what stands in one block belongs together.
    var readableText: String {
        var text = ""
        var index = 0
        while index < nodes.count {
            let node = nodes[index]
            if Self.silent.contains(node.tag) {
                index = max(node.end, index + 1)
                continue
            }
            if Self.lines.contains(node.tag) { text += "\n" }
            if node.tag.isEmpty {
                text += node.text.contains("\n") ? node.text.replacing("\n", with: " ") : node.text
            }
            if text.utf8.count > ReadText.longest { break }
            index += 1
        }
        return text
    }

    /// `mailto:` and `tel:`, with what they lead to.
    var contactLinks: [String] {
        var links: [String] = []
        for node in nodes where node.tag == "a" {
            guard links.count < 50, let target = node.attributes["href"]?.trimmingCharacters(in: .whitespaces) else { continue }
            let lower = target.lowercased()
            guard lower.hasPrefix("mailto:") || lower.hasPrefix("tel:") else { continue }
            links.append(target.removingPercentEncoding ?? target)
        }
        return links
    }
}
