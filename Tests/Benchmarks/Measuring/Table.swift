import Foundation

/// Figures in columns.
enum Table {
    static func text(_ figures: [Figure]) -> String {
        let heads = ["figure", "Hearth", "peer", "against", "ratio", "floor", "aim", "reached", "CPU µs", "p50 / p95 / p99 ms"]
        let lines = [heads] + figures.map(cells)
        let widths = heads.indices.map { column in lines.map { $0[column].count }.max() ?? 0 }
        let right: Set = [1, 2, 4, 5, 6]
        return lines.map { cells in
            let padded = zip(cells, widths).enumerated().map { column, cell in
                let pad = String(repeating: " ", count: cell.1 - cell.0.count)
                return right.contains(column) ? pad + cell.0 : cell.0 + pad
            }
            return padded.joined(separator: "  ").trimmingCharacters(in: .whitespaces)
        }.joined(separator: "\n")
    }

    /// What was missed, by name, and how the figures were taken.
    static func notes(_ figures: [Figure]) -> String {
        let missed = figures.filter { $0.verdict == .missed }.map { "MISSED: \($0.name)" + ($0.peerName.isEmpty ? "" : " (against \($0.peerName))") }
        let verdict = missed.isEmpty && !figures.isEmpty ? ["Every floor is reached."] : missed
        return (verdict + figures.filter { !$0.note.isEmpty }.map { "\($0.name): \($0.note)" }).joined(separator: "\n")
    }

    private static func cells(_ figure: Figure) -> [String] {
        let (ratio, floor, aim): (String, String, String) =
            switch figure.target {
            case .ratio(let floor, let aim):
                (String(format: "%.2f", figure.ratio), String(format: "%.2f", floor), aim.map { String(format: "%.2f", $0) } ?? "")
            case .atMostMore(let most): (String(format: "%+.1f", figure.hearth - figure.peer), String(format: "≤ +%.0f", most), "")
            case .told: (figure.ratio.isNaN ? "" : String(format: "%.2f", figure.ratio), "", "")
            case .atLeast(let least): (figure.ratio.isNaN ? "" : String(format: "%.2f", figure.ratio), String(format: "≥ %.0f", least), "")
            case .atMost(let most): ("", String(format: "≤ %.0f", most), "")
            }
        let work = figure.work.map { String(format: "%.1f : %.1f", $0.hearth, $0.peer) } ?? ""
        let latency = figure.latency.map { String(format: "%.2f / %.2f / %.2f", $0.p50, $0.p95, $0.p99) } ?? ""
        return [
            figure.name, number(figure.hearth, figure.unit), figure.peer.isNaN ? "" : number(figure.peer, figure.unit), figure.peerName, ratio, floor,
            aim, figure.verdict.rawValue, work, latency,
        ]
    }

    private static func number(_ value: Double, _ unit: String) -> String {
        String(format: value < 100 ? "%.1f" : "%.0f", value) + unit
    }
}
