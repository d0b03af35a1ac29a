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

    /// Elements within one another: as many as browsers build. What walks up from an element is never long on its way.
    static let deepestNesting = 512
    /// Tags that may be open at once before a page is parsed at all: gumbo's work for each tag may grow with them.
    static let mostOpenTags = 10_000

    let nodes: [Node]

    /// Nil when the page nests too deeply.
    init?(_ html: String) {
        var html = html
        let nodes: [Node]? = html.withUTF8 { bytes -> [Node]? in
            guard !bytes.isEmpty else { return [] }
            guard Self.openTags(in: bytes) <= Self.mostOpenTags else { return nil }
            return bytes.withMemoryRebound(to: CChar.self) { characters -> [Node]? in
                guard let page = hearth_gumbo_parse(characters.baseAddress, characters.count) else { return nil }
                defer { hearth_gumbo_free(page) }
                return page.pointee.output.flatMap { Self.flatten($0.pointee.root) }
            }
        }
        guard let nodes else { return nil }
        self.nodes = nodes
    }

    /// The `html` element; nil for an empty page.
    var root: HTMLElement? { nodes.isEmpty ? nil : HTMLElement(document: self, index: 0) }

    func all(_ selector: HTMLSelector) -> [HTMLElement] { root?.all(selector) ?? [] }
    func first(_ selector: HTMLSelector) -> HTMLElement? { root?.first(selector) }

    /// Nil for a tree that is too deep.
    private static func flatten(_ root: UnsafeMutablePointer<GumboNode>) -> [Node]? {
        var nodes: [Node] = []
        var pending: [(node: UnsafeMutablePointer<GumboNode>, parent: Int, depth: Int)] = [(root, -1, 0)]
        while let (node, parent, depth) = pending.popLast() {
            guard depth <= deepestNesting else { return nil }
            switch node.pointee.type {
            case GUMBO_NODE_ELEMENT, GUMBO_NODE_TEMPLATE:
                let element = node.pointee.v.element
                nodes.append(Node(tag: tagName(element), attributes: attributes(element), parent: parent, end: 0))
                let index = nodes.count - 1
                for position in stride(from: Int(element.children.length) - 1, through: 0, by: -1) {
                    guard let child = element.children.data[position] else { continue }
                    pending.append((child.assumingMemoryBound(to: GumboNode.self), index, depth + 1))
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

    /// How many tags are open at once, from the tags alone; an end tag of a name that is not open ends nothing. A hostile page can deceive it, though not
    /// so far that parsing takes for ever, and what came of it is measured afterwards.
    private static func openTags(in bytes: UnsafeBufferPointer<UInt8>) -> Int {
        var open: [UInt64: Int] = [:]
        var (count, most) = (0, 0)
        var index = 0
        while index + 1 < bytes.count {
            defer { index += 1 }
            guard bytes[index] == UInt8(ascii: "<") else { continue }
            let isEnd = bytes[index + 1] == UInt8(ascii: "/")
            guard let name = tagName(bytes, at: index + (isEnd ? 2 : 1)), !voidTags.contains(name) else { continue }
            if !isEnd {
                open[name, default: 0] += 1
                count += 1
                most = max(most, count)
            } else if let own = open[name], own > 0 {
                open[name] = own - 1
                count -= 1
            }
        }
        return most
    }

    private static let voidTags = Set(
        ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"].compactMap { name in
            Array(name.utf8).withUnsafeBufferPointer { tagName($0, at: 0) }
        })

    private static let nameEnds: Set<UInt8> = [0x09, 0x0A, 0x0C, 0x0D, 0x20, UInt8(ascii: "/"), UInt8(ascii: ">")]

    /// A tag's whole name as a number (FNV-1a), whatever its case; nil for what is no name.
    private static func tagName(_ bytes: UnsafeBufferPointer<UInt8>, at start: Int) -> UInt64? {
        guard start < bytes.count, (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(bytes[start] | 0x20) else { return nil }
        var number: UInt64 = 0xCBF2_9CE4_8422_2325
        // Of a longer name than any there is, the beginning will do.
        for byte in bytes[start..<min(start + 64, bytes.count)] {
            guard !nameEnds.contains(byte) else { break }
            let isCapital = (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
            number = (number ^ UInt64(isCapital ? byte | 0x20 : byte)) &* 0x100_0000_01B3
        }
        return number
    }
}
