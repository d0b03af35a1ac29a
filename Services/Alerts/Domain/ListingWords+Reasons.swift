extension ListingWords {
    /// Which criteria of the saved search the home meets, in words, the weightiest first.
    func reasons(_ shares: [String: Double]) -> [String] {
        let words: [(criterion: String, full: Double, german: String, english: String)] = [
            ("city", 0.4, "Der Ort ist einer von deinen.", "It is in a place you want."),
            ("rent", 0.25, "Die Miete liegt in deinem Rahmen.", "The rent is within your range."),
            ("type", 0.2, "Es ist die Art von Zuhause, die du suchst.", "It is the kind of home you want."),
            ("rooms", 0.15, "Die Zahl der Zimmer stimmt.", "It has the rooms you want."),
        ]
        return words.compactMap { word in
            guard let share = shares[word.criterion], share > 0 else { return nil }
            if share < word.full { return isGerman ? "Die Miete liegt knapp über deinem Rahmen." : "The rent is slightly above your range." }
            return isGerman ? word.german : word.english
        }
    }
}
