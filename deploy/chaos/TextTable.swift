import Foundation

/// Columns as wide as their widest cell; all but the first are set to the right.
struct TextTable {
    var header: [String]
    var rows: [[String]] = []

    var text: String {
        let all = [header] + rows
        let widths = header.indices.map { column in all.map { $0[column].count }.max() ?? 0 }
        let lines = all.map { row in
            row.enumerated().map { column, cell in
                let space = String(repeating: " ", count: widths[column] - cell.count)
                return column == 0 ? cell + space : space + cell
            }.joined(separator: "  ")
        }
        return ([lines[0], widths.map { String(repeating: "-", count: $0) }.joined(separator: "  ")] + lines.dropFirst()).joined(separator: "\n")
    }

    func print() { FileHandle.standardOutput.write(Data("\n\(text)\n".utf8)) }
}
