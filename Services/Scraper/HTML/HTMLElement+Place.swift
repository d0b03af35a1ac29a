extension HTMLElement {
    /// The way to this element from the nearest one that has an id.
    var place: PagePlace { PagePlace(method: .markup, path: path()) }

    /// The same for one of its attributes.
    func place(_ attribute: String) -> PagePlace { PagePlace(method: .markup, path: path() + "/@" + attribute) }

    func path() -> String {
        var parts: [String] = []
        var current = self
        while true {
            if let id = current.id, !id.isEmpty, !id.contains(where: \.isWhitespace) {
                parts.append("#" + id)
                break
            }
            parts.append(current.step)
            guard let parent = current.parent, parent.tag != "html" else { break }
            current = parent
        }
        return parts.reversed().joined(separator: " > ")
    }

    /// `td:nth-of-type(2)`
    private var step: String {
        guard let parent else { return tag }
        var place = 0
        var count = 0
        var child = parent.index + 1
        let end = document.nodes[parent.index].end
        while child < end {
            if document.nodes[child].tag == tag {
                count += 1
                if child == index { place = count }
                // It is not the only one: how many there are after it does not matter.
                if place > 0, count > 1 { break }
            }
            child = max(document.nodes[child].end, child + 1)
        }
        return count > 1 ? "\(tag):nth-of-type(\(place))" : tag
    }
}
