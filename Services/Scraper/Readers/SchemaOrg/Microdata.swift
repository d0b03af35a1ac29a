import Foundation

/// HTML microdata as the JSON that would say the same.
struct Microdata {
    static let deepest = 20
    /// Bytes of text, and nodes gone through for it, of one page. What properties inside of one another say is gathered for each of them: without
    /// an end a page could have itself gathered hundreds of times.
    static let most = 16 * 1024 * 1024

    private var left = Microdata.most

    /// An element with `itemscope`, and what belongs to it, as far as the page may still be gathered.
    mutating func item(_ scope: HTMLElement) -> JSONNode {
        JSONNode(value(scope, depth: 0), PagePlace(method: .microdata, path: scope.path()))
    }

    private mutating func value(_ scope: HTMLElement, depth: Int) -> JSONValue {
        var members: [String: [JSONValue]] = [:]
        if let type = scope["itemtype"] { members["@type"] = type.split(separator: " ").map { .string(String($0)) } }
        if let id = scope["itemid"] { members["@id"] = [.string(id)] }
        var index = scope.index + 1
        let end = scope.document.nodes[scope.index].end
        while index < end {
            let element = HTMLElement(document: scope.document, index: index)
            let isItem = element["itemscope"] != nil
            if let names = element["itemprop"],
                let value = isItem && depth < Self.deepest ? self.value(element, depth: depth + 1) : gathered(element)
            {
                for name in names.split(separator: " ") { members[String(name), default: []].append(value) }
            }
            // What lies inside another item is that item's.
            index = isItem ? scope.document.nodes[index].end : index + 1
        }
        return .object(members.mapValues { $0.count == 1 ? $0[0] : .array($0) })
    }

    /// Nil where the page has had its share.
    private mutating func gathered(_ element: HTMLElement) -> JSONValue? {
        guard left > 0 else { return nil }
        let text = Self.text(element)
        left -= text.utf8.count + element.document.nodes[element.index].end - element.index
        return left >= 0 ? .string(text) : nil
    }

    /// A property's value by the rules of HTML: an attribute of some elements, the text of the others.
    private static func text(_ element: HTMLElement) -> String {
        if let content = element["content"] { return content }
        switch element.tag {
        case "a", "area", "link": return element["href"] ?? element.text
        case "audio", "embed", "iframe", "img", "source", "track", "video": return element["src"] ?? element["data-src"] ?? ""
        case "data", "meter": return element["value"] ?? element.text
        case "time": return element["datetime"] ?? element.text
        case "object": return element["data"] ?? ""
        default: return element.lines.joined(separator: "\n")
        }
    }
}
