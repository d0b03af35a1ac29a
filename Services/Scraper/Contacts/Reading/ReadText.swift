/// The text of a source, and how sure it is.
struct ReadText: Sendable {
    /// A stretch of the text, in its UTF-8, and how sure its reading is, 0…1.
    struct Word: Sendable {
        var range: Range<Int>
        var confidence: Double
    }

    /// Reading ends here, wherever the source does.
    static let longest = 200_000

    var text: String
    var method: DiscoveryMethod
    /// Of recognised text alone; other text stands as it was written.
    var words: [Word] = []
    /// Values that the source itself marks as what they are: links to write to or to call.
    var links: [String] = []

    /// How sure the reading of a stretch is: the mean of its words.
    func confidence(in range: Range<Int>) -> Double {
        guard !words.isEmpty else { return 1 }
        let within = words.filter { $0.range.overlaps(range) }
        return within.isEmpty ? 0.5 : within.reduce(0) { $0 + $1.confidence } / Double(within.count)
    }
}
