import CGumbo

/// A parsed page: gumbo's tree copied into one flat array in document order, so that a node's descendants are the entries up to its `end` and no walk
/// recurses, however deep a page nests.
struct HTMLDocument: Sendable {
    struct Node: Sendable {
        /// Empty for text.
        var tag = ""
        var text = ""
        var attributes: [String: String] = [:]
        var parent: Int
        /// One past the last descendant.
        var end: Int
    }

    /// Gumbo frees its tree recursively, so a page may not nest deeper than a thread's stack allows.
    static let deepestNesting = 10_000

    let nodes: [Node]

    /// Nil when the page nests too deeply to be safe.
    init?(_ html: String) {
        var html = html
        let nodes: [Node]? = html.withUTF8 { bytes in
            guard Self.nesting(of: bytes) <= Self.deepestNesting, !bytes.isEmpty else { return bytes.isEmpty ? [] : nil }
            return bytes.withMemoryRebound(to: CChar.self) { characters in
                guard let output = hearth_gumbo_parse(characters.baseAddress, characters.count) else { return nil }
                defer { hearth_gumbo_free(output) }
                return Self.flatten(output.pointee.root)
            }
        }
        guard let nodes else { return nil }
        self.nodes = nodes
    }

    /// The `html` element; nil for an empty page.
    var root: HTMLElement? { nodes.isEmpty ? nil : HTMLElement(document: self, index: 0) }

    func all(_ selector: HTMLSelector) -> [HTMLElement] { root?.all(selector) ?? [] }
    func first(_ selector: HTMLSelector) -> HTMLElement? { root?.first(selector) }

    private static func flatten(_ root: UnsafeMutablePointer<GumboNode>) -> [Node] {
        var nodes: [Node] = []
        var pending: [(node: UnsafeMutablePointer<GumboNode>, parent: Int)] = [(root, -1)]
        while let (node, parent) = pending.popLast() {
            switch node.pointee.type {
            case GUMBO_NODE_ELEMENT, GUMBO_NODE_TEMPLATE:
                let element = node.pointee.v.element
                nodes.append(Node(tag: tagName(element), attributes: attributes(element), parent: parent, end: 0))
                let index = nodes.count - 1
                for position in stride(from: Int(element.children.length) - 1, through: 0, by: -1) {
                    guard let child = element.children.data[position] else { continue }
                    pending.append((child.assumingMemoryBound(to: GumboNode.self), index))
                }
            case GUMBO_NODE_TEXT, GUMBO_NODE_CDATA, GUMBO_NODE_WHITESPACE:
                nodes.append(Node(text: String(cString: node.pointee.v.text.text), parent: parent, end: 0))
            default: break
            }
        }
        // A node ends where its last descendant ends: children come after their parents, so one pass backwards suffices.
        for index in nodes.indices.reversed() {
            nodes[index].end = max(nodes[index].end, index + 1)
            let parent = nodes[index].parent
            if parent >= 0 { nodes[parent].end = max(nodes[parent].end, nodes[index].end) }
        }
        return nodes
    }

    private static func tagName(_ element: GumboElement) -> String {
        guard element.tag == GUMBO_TAG_UNKNOWN else { return String(cString: gumbo_normalized_tagname(element.tag)) }
        var original = element.original_tag
        gumbo_tag_from_original_text(&original)
        guard let data = original.data else { return "" }
        return String(decoding: UnsafeRawBufferPointer(start: data, count: original.length), as: UTF8.self).lowercased()
    }

    private static func attributes(_ element: GumboElement) -> [String: String] {
        var attributes: [String: String] = [:]
        for position in 0..<Int(element.attributes.length) {
            guard let attribute = element.attributes.data[position]?.assumingMemoryBound(to: GumboAttribute.self).pointee else { continue }
            attributes[String(cString: attribute.name)] = String(cString: attribute.value)
        }
        return attributes
    }

    /// An upper bound of the nesting, from the tags alone.
    private static func nesting(of bytes: UnsafeBufferPointer<UInt8>) -> Int {
        var depth = 0
        var deepest = 0
        var index = 0
        while index + 1 < bytes.count {
            if bytes[index] == UInt8(ascii: "<") {
                let next = bytes[index + 1]
                if next == UInt8(ascii: "/") {
                    depth = max(0, depth - 1)
                } else if (next | 0x20) >= UInt8(ascii: "a"), (next | 0x20) <= UInt8(ascii: "z"), !isVoid(bytes, at: index + 1) {
                    depth += 1
                    deepest = max(deepest, depth)
                }
            }
            index += 1
        }
        return deepest
    }

    private static let voidTags: Set<String> = ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"]

    private static func isVoid(_ bytes: UnsafeBufferPointer<UInt8>, at start: Int) -> Bool {
        let name = bytes[start..<min(start + 7, bytes.count)].prefix { ($0 | 0x20) >= UInt8(ascii: "a") && ($0 | 0x20) <= UInt8(ascii: "z") }
        return voidTags.contains(String(decoding: name, as: UTF8.self).lowercased())
    }
}
