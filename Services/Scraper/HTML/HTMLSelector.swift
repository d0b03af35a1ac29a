/// The part of CSS selectors that reading needs: `div.card[data-id]`, `#gallery img`, `meta[property=og:image]`.
struct HTMLSelector: Sendable, ExpressibleByStringLiteral {
    /// What one element must have.
    private struct Compound: Sendable {
        var tag: Substring?
        var id: Substring?
        var classes: [Substring] = []
        var attributes: [(name: String, value: String?)] = []
    }

    /// From the outermost ancestor to the element itself.
    private let path: [Compound]

    init(stringLiteral text: String) {
        path = text.split(separator: " ").map(Self.compound)
    }

    func matches(_ element: HTMLElement) -> Bool {
        guard let last = path.last, Self.matches(element, last) else { return false }
        var ancestors = path.dropLast()
        var parent = element.parent
        while let wanted = ancestors.last, let candidate = parent {
            if Self.matches(candidate, wanted) { ancestors.removeLast() }
            parent = candidate.parent
        }
        return ancestors.isEmpty
    }

    private static func matches(_ element: HTMLElement, _ wanted: Compound) -> Bool {
        guard !element.tag.isEmpty else { return false }
        if let tag = wanted.tag, element.tag != tag { return false }
        if let id = wanted.id, element.id.map({ $0 == id }) != true { return false }
        if !wanted.classes.isEmpty {
            let classes = element.classes
            guard wanted.classes.allSatisfy(classes.contains) else { return false }
        }
        return wanted.attributes.allSatisfy { name, value in
            guard let actual = element[name] else { return false }
            return value == nil || actual == value
        }
    }

    private static func compound(_ text: Substring) -> Compound {
        var compound = Compound()
        var rest = text
        let name = rest.prefix { !".#[".contains($0) }
        if !name.isEmpty { compound.tag = name }
        rest = rest.dropFirst(name.count)
        while let mark = rest.popFirst() {
            if mark == "[" {
                let inside = rest.prefix { $0 != "]" }
                rest = rest.dropFirst(inside.count + 1)
                let parts = inside.split(separator: "=", maxSplits: 1)
                compound.attributes.append((String(parts[0]), parts.count > 1 ? String(parts[1]) : nil))
            } else {
                let word = rest.prefix { !".#[".contains($0) }
                rest = rest.dropFirst(word.count)
                if mark == "#" { compound.id = word } else { compound.classes.append(word) }
            }
        }
        return compound
    }
}
