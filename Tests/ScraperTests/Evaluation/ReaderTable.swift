/// How many pages state a field, and how many were read right, by provider.
struct ReaderTable {
    struct Cell {
        var stated = 0
        var right = 0
        /// Read although the page does not state it.
        var invented = 0
    }

    private(set) var cells: [String: [String: Cell]] = [:]
    /// Pages and cards, and those of which every stated field was read right.
    private(set) var pages = 0
    private(set) var wholePages = 0
    private(set) var misses: [String] = []

    mutating func add(_ page: String, provider: String, _ checks: [(field: String, label: FieldLabel, isMet: Bool)]) {
        pages += 1
        var isWhole = true
        for (field, label, isMet) in checks {
            var cell = cells[provider, default: [:]][field, default: Cell()]
            if label.isStated { cell.stated += 1 }
            if label.isStated && isMet { cell.right += 1 }
            if !label.isStated && !isMet { cell.invented += 1 }
            cells[provider, default: [:]][field] = cell
            if !isMet {
                isWhole = false
                misses.append("\(page): \(field) \(label.isStated ? "is stated and was not read so" : "is not stated")")
            }
        }
        if isWhole { wholePages += 1 }
    }

    var totals: Cell {
        cells.values.flatMap(\.values).reduce(into: Cell()) {
            $0.stated += $1.stated
            $0.right += $1.right
            $0.invented += $1.invented
        }
    }

    /// One row per field, one column per provider: right/stated, and `!n` for what was invented.
    var text: String {
        let providers = cells.keys.sorted()
        let fields = Set(cells.values.flatMap(\.keys)).sorted()
        var lines = [row("field", providers)]
        for field in fields {
            let columns = providers.map { provider -> String in
                guard let cell = cells[provider]?[field], cell.stated + cell.invented > 0 else { return "·" }
                return "\(cell.right)/\(cell.stated)" + (cell.invented > 0 ? " !\(cell.invented)" : "")
            }
            lines.append(row(field, columns))
        }
        lines.append("")
        lines.append("fields stated \(totals.stated), read right \(totals.right), read though not stated \(totals.invented)")
        lines.append("pages and cards \(pages), with every stated field read right and none invented \(wholePages)")
        return lines.joined(separator: "\n")
    }

    private func row(_ name: String, _ columns: [String]) -> String {
        name.padded(22) + columns.map { $0.padded(15) }.joined()
    }
}

extension String {
    fileprivate func padded(_ width: Int) -> String { self + String(repeating: " ", count: max(1, width - count)) }
}
