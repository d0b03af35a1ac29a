import Foundation

/// Everything that a page says in the words of schema.org: its JSON-LD blocks and its microdata, as one kind of tree.
struct SchemaOrgItems {
    /// Items with a type, JSON-LD first, each before the items inside it.
    let all: [JSONNode]

    static let most = 500
    /// Values that are yet to be walked to, which say their whole way each.
    private static let mostPending = 20_000

    init(_ document: HTMLDocument) {
        var found: [JSONNode] = []
        for (number, script) in document.all("script[type=application/ld+json]").enumerated() {
            var source = script.source[...]
            // Some sites end the block like a statement.
            while let last = source.last, last.isWhitespace || last == ";" { source.removeLast() }
            guard let root = JSONNode(source.utf8, method: .jsonLD, root: "ld+json[\(number)] $") else { continue }
            Self.collect(root, into: &found)
        }
        var microdata = Microdata()
        // Those without a type count as well: finding the way to each takes its time.
        for scope in document.all("[itemscope]").lazy.filter({ $0["itemprop"] == nil }).prefix(Self.most) where found.count < Self.most {
            Self.collect(microdata.item(scope), into: &found)
        }
        all = Array(found.prefix(Self.most))
    }

    /// The item that is a home, or offers or lists one.
    var home: JSONNode? {
        first(of: SchemaOrgTerms.homes) ?? all.first { Self.types($0).contains("RealEstateListing") }
            ?? all.first { Self.types($0).contains("Offer") && !$0["itemOffered"].isNull }
            ?? all.first { Self.types($0).contains("Product") && !$0["offers"].isNull }
    }

    func first(of types: Set<String>) -> JSONNode? { all.first { !types.isDisjoint(with: Self.types($0)) } }

    /// The item with this `@id`.
    func item(id: String) -> JSONNode? { all.first { $0["@id"].text == id } }

    /// `Apartment` of `http://schema.org/Apartment`.
    static func types(_ node: JSONNode) -> Set<String> {
        Set(node["@type"].items.compactMap { $0.text?.split(whereSeparator: { "/#:".contains($0) }).last.map(String.init) })
    }

    /// Walks without recursion: a page may nest its data as deeply as it likes.
    private static func collect(_ root: JSONNode, into found: inout [JSONNode]) {
        var pending = [root]
        while let node = pending.popLast(), found.count < most, pending.count < mostPending {
            switch node.value {
            case .array: pending += node.items.reversed()
            case .object(let members):
                if !node["@type"].isNull { found.append(node) }
                let inner = members.filter { $0.value.isContainer }.keys.sorted()
                pending += inner.prefix(JSONNode.mostItems).reversed().map { node[$0] }
            default: break
            }
        }
    }
}
