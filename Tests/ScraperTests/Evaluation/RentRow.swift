import Foundation

@testable import Scraper

/// A row of a result page as it was copied from the site.
struct RentRow: Sendable {
    var price: String
    var area: String
    var rooms: String
}

extension RentRow {
    static let all: [RentRow]? = {
        guard let file = Fixtures.realData?.appendingPathComponent("german_rent_results.csv.gz"), FileManager.default.fileExists(atPath: file.path)
        else { return nil }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/zcat")
        process.arguments = [file.path]
        let pipe = Pipe()
        process.standardOutput = pipe
        guard (try? process.run()) != nil else { return nil }
        let text = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        let lines = text.split(whereSeparator: \.isNewline).dropFirst()
        return lines.compactMap { line in
            let cells = cells(line)
            // index, id, title, bullets, tags, price, area, rooms, page, state
            return cells.count == 10 ? RentRow(price: cells[5], area: cells[6], rooms: cells[7]) : nil
        }
    }()

    private static func cells(_ line: Substring) -> [String] {
        var cells = [""]
        var isQuoted = false
        for character in line {
            switch character {
            case "\"": isQuoted.toggle()
            case "," where !isQuoted: cells.append("")
            default: cells[cells.count - 1].append(character)
            }
        }
        return cells
    }
}
