import Foundation

/// The text part of a mail whose template has only HTML: tags away, links kept as addresses, blocks on lines of their own.
enum PlainText {
    static func from(html: String) -> String {
        var output = Output()
        var rest = html[...]
        while let open = rest.firstIndex(of: "<") {
            output.add(text: rest[..<open])
            guard let close = rest[open...].firstIndex(of: ">") else { break }
            let tag = rest[rest.index(after: open)..<close]
            rest = rest[rest.index(after: close)...]
            if let skipped = ["style", "script", "head", "title"].first(where: { name(of: tag) == $0 }) {
                let end = rest.range(of: "</\(skipped)", options: .caseInsensitive)
                rest = end.map { rest[$0.lowerBound...] } ?? ""
            } else {
                output.add(tag: name(of: tag), attributes: tag)
            }
        }
        output.add(text: rest)
        return output.finished()
    }

    static func decodingEntities(_ text: Substring) -> String {
        guard text.contains("&") else { return String(text) }
        var result = ""
        var rest = text
        while let start = rest.firstIndex(of: "&") {
            result += rest[..<start]
            rest = rest[start...]
            guard let end = rest.prefix(12).firstIndex(of: ";"), let character = entity(rest[rest.index(after: start)..<end]) else {
                result += "&"
                rest = rest.dropFirst()
                continue
            }
            result += character
            rest = rest[rest.index(after: end)...]
        }
        return result + rest
    }

    private static func name(of tag: Substring) -> String {
        tag.prefix { !$0.isWhitespace && ($0 != "/" || $0 == tag.first) }.lowercased()
    }

    private static func entity(_ name: Substring) -> String? {
        let named = [
            "amp": "&", "lt": "<", "gt": ">", "quot": "\"", "apos": "'", "nbsp": " ", "euro": "€", "sup2": "²", "middot": "·", "ndash": "–",
            "mdash": "—", "hellip": "…", "auml": "ä", "ouml": "ö", "uuml": "ü", "Auml": "Ä", "Ouml": "Ö", "Uuml": "Ü", "szlig": "ß",
        ]
        if let character = named[String(name)] { return character }
        guard name.first == "#" else { return nil }
        let digits = name.dropFirst()
        let code = digits.first == "x" || digits.first == "X" ? UInt32(digits.dropFirst(), radix: 16) : UInt32(digits)
        return code.flatMap(UnicodeScalar.init).map { String(Character($0)) }
    }

    private struct Output {
        private var lines = [""]
        private var links: [(address: String, start: Int)] = []

        mutating func add(text: Substring) {
            for (index, word) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isWhitespace).enumerated() {
                if index > 0, let last = lines[lines.count - 1].last, last != " " { lines[lines.count - 1] += " " }
                lines[lines.count - 1] += PlainText.decodingEntities(word)
            }
        }

        mutating func add(tag: String, attributes: Substring) {
            switch tag {
            case "br", "/p", "/div", "/tr", "/table", "/li", "/ul", "/ol", "/h1", "/h2", "/h3", "div", "tr": breakLine()
            case "p", "h1", "h2", "h3", "table", "hr": breakLine(blank: true)
            case "li":
                breakLine()
                lines[lines.count - 1] += "- "
            case "td", "th": if let last = lines[lines.count - 1].last, last != " " { lines[lines.count - 1] += " " }
            case "a": links.append((address(in: attributes), lines[lines.count - 1].count))
            case "/a":
                guard let link = links.popLast(), !link.address.isEmpty else { return }
                let shown = lines[lines.count - 1].dropFirst(link.start)
                if !shown.contains(link.address) { lines[lines.count - 1] += shown.isEmpty ? link.address : " (\(link.address))" }
            default: break
            }
        }

        func finished() -> String {
            var result: [String] = []
            for line in lines.map({ $0.trimmingCharacters(in: .whitespaces) }) where !(line.isEmpty && result.last?.isEmpty != false) {
                result.append(line)
            }
            while result.last?.isEmpty == true { result.removeLast() }
            return result.joined(separator: "\n") + "\n"
        }

        private mutating func breakLine(blank: Bool = false) {
            if !lines[lines.count - 1].isEmpty { lines.append("") }
            if blank, lines.count > 1, lines[lines.count - 2] != "" { lines.append("") }
        }

        private func address(in attributes: Substring) -> String {
            guard let start = attributes.range(of: "href=\"", options: .caseInsensitive)?.upperBound,
                let end = attributes[start...].firstIndex(of: "\"")
            else { return "" }
            return PlainText.decodingEntities(attributes[start..<end])
        }
    }
}
