/// How alike two texts are, 0 to 1.
enum TextLikeness {
    /// Words that every second title has say little of a flat.
    private static let common: Set<String> = [
        "wohnung", "whg", "zimmer", "zi", "raum", "mit", "und", "in", "im", "der", "die", "das", "den", "am", "an", "zu", "zur", "zum", "von", "fuer",
        "ein", "eine", "einer", "balkon", "schoene", "helle", "neu", "lage", "ruhige", "ruhiger", "ebk", "kueche", "einbaukueche", "qm", "m2",
        "apartment",
        "appartement", "miete", "mieten", "vermieten", "og", "1", "2", "3", "4", "5",
    ]
    /// What is written in different ways.
    private static let synonyms = [
        "whg": "wohnung", "apartment": "wohnung", "appartement": "wohnung", "zi": "zimmer", "raum": "zimmer", "ebk": "einbaukueche", "qm": "m2",
        "grosse": "gross", "grosser": "gross", "schoener": "schoene", "heller": "helle", "bez": "bezug",
    ]

    /// Titles: the weight of the words they share, of all their words; a word that one of them cuts short counts as shared.
    static func titles(_ one: String, _ other: String) -> Double {
        let (one, other) = (keys(one), keys(other))
        guard !one.isEmpty, !other.isEmpty else { return 0 }
        let matched = one.filter { word in other.contains(word) || other.contains { isCut($0, word) } }
        let back = other.filter { word in one.contains(word) || one.contains { isCut($0, word) } }
        let shared = (weight(matched) + weight(back)) / 2
        return shared / max(weight(one) + weight(other) - shared, 0.001)
    }

    /// Descriptions: the share of the shorter one's runs of three words that the longer one has too. Nil when one of them is too short to tell.
    static func descriptions(_ one: String, _ other: String) -> Double? {
        let (one, other) = (runs(one), runs(other))
        let shorter = min(one.count, other.count)
        guard shorter >= 8 else { return nil }
        return Double(one.intersection(other).count) / Double(shorter)
    }

    private static func keys(_ title: String) -> Set<String> {
        // At most so many words: a title may be 500 characters long.
        Set(TextKey.words(title).prefix(60).map { synonyms[$0] ?? $0 })
    }

    private static func weight(_ words: some Collection<String>) -> Double { words.reduce(0) { $0 + (common.contains($1) ? 0.25 : 1) } }

    /// A portal shortens "Einbauküche" at the end of a title to "Einbau…".
    private static func isCut(_ one: String, _ other: String) -> Bool {
        min(one.count, other.count) >= 4 && (one.hasPrefix(other) || other.hasPrefix(one))
    }

    private static func runs(_ text: String) -> Set<Int> {
        let words = TextKey.words(text).prefix(600).map { $0 }
        guard words.count >= 3 else { return [] }
        return Set((0...words.count - 3).map { index in words[index..<index + 3].hashValue })
    }
}
