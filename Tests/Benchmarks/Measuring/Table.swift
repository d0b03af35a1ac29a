import Foundation

/// Figures in columns.
enum Table {
    static func text(_ figures: [Figure]) -> String {
        let heads = ["figure", "hearth", "peer", "", "ratio", "target", "", "p50/p95/p99 ms"]
        let lines = [heads] + figures.map(cells)
        let widths = heads.indices.map { column in lines.map { $0[column].count }.max() ?? 0 }
        let right: Set = [1, 2, 4]
        return lines.map { cells in
            zip(cells, widths).enumerated().map { column, cell in
                let pad = String(repeating: " ", count: cell.1 - cell.0.count)
                return right.contains(column) ? pad + cell.0 : cell.0 + pad
            }.joined(separator: "  ")
        }.joined(separator: "\n")
    }

    /// What stands below the table.
    static func notes(_ figures: [Figure]) -> String {
        figures.filter { !$0.note.isEmpty }.map { "\($0.name): \($0.note)" }.joined(separator: "\n")
    }

    private static func cells(_ figure: Figure) -> [String] {
        let (ratio, target) =
            switch figure.target {
            case .ratio(let least): (String(format: "%.2f", figure.ratio), String(format: "≥ %.2f", least))
            case .atMostMore(let most): (String(format: "%+.1f", figure.hearth - figure.peer), String(format: "≤ +%.0f", most))
            }
        let latency = figure.latency.map { String(format: "%.2f/%.2f/%.2f", $0.p50, $0.p95, $0.p99) } ?? ""
        return [
            figure.name, number(figure.hearth, figure.unit), number(figure.peer, figure.unit), figure.peerName, ratio, target,
            figure.isReached ? "ok" : "MISSED", latency,
        ]
    }

    private static func number(_ value: Double, _ unit: String) -> String {
        String(format: value < 100 ? "%.1f" : "%.0f", value) + unit
    }
}
