import Foundation

/// HTML microdata as the JSON that would say the same.
enum Microdata {
    static let deepest = 20

    /// An element with `itemscope`, and what belongs to it.
    static func item(_ scope: HTMLElement) -> JSONNode {
        JSONNode(value(scope, depth: 0), PagePlace(method: .microdata, path: scope.path()))
    }

    private static func value(_ scope: HTMLElement, depth: Int) -> JSONValue {
        var members: [String: [JSONValue]] = [:]
        if let type = scope["itemtype"] { members["@type"] = type.split(separator: " ").map { .string(String($0)) } }
        if let id = scope["itemid"] { members["@id"] = [.string(id)] }
        var index = scope.index + 1
        let end = scope.document.nodes[scope.index].end
        while index < end {
            let element = HTMLElement(document: scope.document, index: index)
            let isItem = element["itemscope"] != nil
            if let names = element["itemprop"] {
                let value = isItem && depth < deepest ? self.value(element, depth: depth + 1) : .string(text(element))
                for name in names.split(separator: " ") { members[String(name), default: []].append(value) }
            }
            // What lies inside another item is that item's.
            index = isItem ? scope.document.nodes[index].end : index + 1
        }
        return .object(members.mapValues { $0.count == 1 ? $0[0] : .array($0) })
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
