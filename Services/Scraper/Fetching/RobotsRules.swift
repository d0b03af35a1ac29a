/// A robots.txt (RFC 9309), and what it allows one robot.
struct RobotsRules: Sendable, Equatable, Codable {
    private struct Rule: Sendable, Equatable, Codable {
        var allows: Bool
        var pattern: [UInt8]
    }

    private var rules: [Rule] = []
    /// Seconds between two requests, when the group asks for it.
    private(set) var crawlDelay: Double?

    /// What holds when there is no robots.txt.
    static let allowAll = RobotsRules()
    /// What holds when nobody knows what is in it.
    static let disallowAll = RobotsRules(rules: [Rule(allows: false, pattern: Array("/".utf8))])

    private init(rules: [Rule] = []) { self.rules = rules }

    /// Seconds: a site that wants to be asked less than once a day is asked once a day.
    static let longestDelay = 86_400.0
    /// A crawler may stop reading here.
    static let mostBytes = 500 * 1024

    /// - Parameter robot: the product token of the user agent, such as `Hearth`.
    init(_ bytes: [UInt8], for robot: String) {
        let groups = Self.groups(String(decoding: bytes.prefix(Self.mostBytes), as: UTF8.self))
        let token = robot.lowercased()
        var chosen = groups.filter { $0.robots.contains(token) }
        if chosen.isEmpty { chosen = groups.filter { $0.robots.contains("*") } }
        rules = chosen.flatMap(\.rules)
        crawlDelay = chosen.compactMap(\.crawlDelay).max()
    }

    /// - Parameter path: path and query as they stand in the request.
    func allows(_ path: String) -> Bool {
        if path == "/robots.txt" { return true }
        let path = Self.normalised(path)
        var best: (length: Int, allows: Bool)?
        for rule in rules where Self.matches(path[...], rule.pattern[...]) {
            guard let current = best else {
                best = (rule.pattern.count, rule.allows)
                continue
            }
            if rule.pattern.count > current.length || (rule.pattern.count == current.length && rule.allows) {
                best = (rule.pattern.count, rule.allows)
            }
        }
        return best?.allows ?? true
    }

    private struct Group {
        var robots: Set<String> = []
        var rules: [Rule] = []
        var crawlDelay: Double?
    }

    private static func groups(_ text: String) -> [Group] {
        var groups: [Group] = []
        var isNaming = false
        for line in text.split(whereSeparator: \.isNewline) {
            let parts = line.prefix { $0 != "#" }.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2 else { continue }
            let value = parts[1].trimmingSpaces
            switch parts[0].trimmingSpaces.lowercased() {
            case "user-agent":
                if !isNaming { groups.append(Group()) }
                isNaming = true
                groups[groups.count - 1].robots.insert(productToken(value))
            case "allow", "disallow":
                isNaming = false
                // An empty path allows everything, which is what holds without a rule.
                guard !groups.isEmpty, !value.isEmpty else { continue }
                let allows = parts[0].trimmingSpaces.lowercased() == "allow"
                groups[groups.count - 1].rules.append(Rule(allows: allows, pattern: normalised(value)))
            case "crawl-delay":
                isNaming = false
                guard !groups.isEmpty, let seconds = Double(value), seconds >= 0, seconds.isFinite else { continue }
                groups[groups.count - 1].crawlDelay = min(seconds, longestDelay)
            default: continue
            }
        }
        return groups
    }

    /// `Hearth/1.0 (+https://…)` names the robot `hearth`.
    private static func productToken(_ value: String) -> String {
        if value == "*" { return value }
        return value.prefix { $0.isLetter || $0 == "-" || $0 == "_" }.lowercased()
    }

    /// `*` stands for anything, a final `$` for the end.
    private static func matches(_ path: ArraySlice<UInt8>, _ pattern: ArraySlice<UInt8>) -> Bool {
        var pattern = pattern
        let isAnchored = pattern.last == UInt8(ascii: "$")
        if isAnchored { pattern = pattern.dropLast() }
        // Walks both, and goes back to the last star when stuck: linear for one star, never exponential.
        var (p, s) = (pattern.startIndex, path.startIndex)
        var retry: (pattern: Int, path: Int)?
        while true {
            if p == pattern.endIndex {
                if !isAnchored || s == path.endIndex { return true }
            } else if pattern[p] == UInt8(ascii: "*") {
                p += 1
                retry = (p, s)
                continue
            } else if s < path.endIndex, pattern[p] == path[s] {
                p += 1
                s += 1
                continue
            }
            guard let (star, from) = retry, from < path.endIndex else { return false }
            retry = (star, from + 1)
            (p, s) = (star, from + 1)
        }
    }

    /// Octets outside of ASCII are percent-encoded and escapes written alike, so that both sides compare by octet.
    private static func normalised(_ path: String) -> [UInt8] {
        let bytes = Array(path.utf8)
        var result: [UInt8] = []
        var index = 0
        while index < bytes.count {
            let byte = bytes[index]
            if byte == UInt8(ascii: "%"), index + 2 < bytes.count, let value = octet(bytes[index + 1], bytes[index + 2]) {
                result += isUnreserved(value) ? [value] : escaped(value)
                index += 3
            } else {
                result += byte < 0x80 ? [byte] : escaped(byte)
                index += 1
            }
        }
        return result
    }

    private static func octet(_ high: UInt8, _ low: UInt8) -> UInt8? {
        UInt8(String(decoding: [high, low], as: UTF8.self), radix: 16)
    }

    private static func escaped(_ byte: UInt8) -> [UInt8] {
        let digits = Array("0123456789ABCDEF".utf8)
        return [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
    }

    private static func isUnreserved(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
        case UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"): true
        default: false
        }
    }
}

extension StringProtocol {
    fileprivate var trimmingSpaces: String {
        var text = self[...]
        while text.first?.isWhitespace == true || text.first == "\u{FEFF}" { text = text.dropFirst() }
        while text.last?.isWhitespace == true { text = text.dropLast() }
        return String(text)
    }
}
