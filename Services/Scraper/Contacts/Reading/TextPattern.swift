import Foundation

/// A pattern over text, whose finds say where they stand in its UTF-8. Case does not count unless the pattern says so.
///
/// `NSRegularExpression` is ICU's, which bounds the work of a match; each pattern here bounds its repetitions besides.
struct TextPattern: Sendable {
    struct Match: Sendable {
        var text: String
        var range: Range<Int>
        var groups: [String]
        var groupRanges: [Range<Int>]
    }

    static let most = 64

    private let expression: NSRegularExpression

    /// The pattern is a constant of this program; one that cannot be read is a mistake that the first test meets.
    init(_ pattern: String) {
        do { expression = try NSRegularExpression(pattern: pattern, options: [.caseInsensitive]) } catch {
            preconditionFailure("the pattern cannot be read: \(pattern)")
        }
    }

    func isFound(in text: String) -> Bool {
        expression.firstMatch(in: text, range: NSRange(location: 0, length: text.utf16.count)) != nil
    }

    func matches(_ text: String) -> [Match] {
        var matches: [Match] = []
        expression.enumerateMatches(in: text, range: NSRange(location: 0, length: text.utf16.count)) { result, _, stop in
            guard let result, let match = Self.match(result, in: text) else { return }
            matches.append(match)
            if matches.count == Self.most { stop.pointee = true }
        }
        return matches
    }

    func replace(in text: String, with replacement: String) -> String {
        expression.stringByReplacingMatches(
            in: text, range: NSRange(location: 0, length: text.utf16.count), withTemplate: NSRegularExpression.escapedTemplate(for: replacement))
    }

    private static func match(_ result: NSTextCheckingResult, in text: String) -> Match? {
        guard let (whole, range) = stretch(result.range, in: text) else { return nil }
        let groups = (1..<max(1, result.numberOfRanges)).compactMap { stretch(result.range(at: $0), in: text) }
        return Match(text: whole, range: range, groups: groups.map(\.0), groupRanges: groups.map(\.1))
    }

    private static func stretch(_ range: NSRange, in text: String) -> (String, Range<Int>)? {
        guard range.location != NSNotFound, let indices = Range(range, in: text) else { return nil }
        let start = text.utf8.distance(from: text.startIndex, to: indices.lowerBound)
        let length = text.utf8.distance(from: indices.lowerBound, to: indices.upperBound)
        return (String(text[indices]), start..<start + length)
    }
}
