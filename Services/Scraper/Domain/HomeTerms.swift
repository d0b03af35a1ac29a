/// What German listings call things, in the words of the catalogue.
enum HomeTerms {
    /// furnished, partially_furnished, unfurnished
    static func furnishing(_ text: String) -> String? {
        switch text.lowercased() {
        case "möbliert", "voll möbliert", "vollmöbliert": "furnished"
        case "teilmöbliert", "teilweise möbliert": "partially_furnished"
        case "unmöbliert", "nicht möbliert": "unfurnished"
        default: nil
        }
    }

    /// new, renovated, good, needs_renovation
    static func condition(_ text: String?) -> String? {
        guard let text = text?.lowercased() else { return nil }
        // "unsaniert", "nicht renoviert", "noch nicht modernisiert"
        if text.contains(/(un|nicht |nicht\s+\S{1,12} )(ge)?(saniert|renoviert|modernisiert)/) { return "needs_renovation" }
        if text.contains("erstbezug nach") || text.contains("saniert") || text.contains("modernisiert") || text.contains("renoviert") {
            return text.contains("bedürftig") ? "needs_renovation" : "renovated"
        }
        if text.contains("erstbezug") || text.contains("neuwertig") || text.contains("neubau") { return "new" }
        if text.contains("gepflegt") || text.contains("nach vereinbarung gut") { return "good" }
        if text.contains("renovierungsbedürftig") || text.contains("abbruchreif") { return "needs_renovation" }
        return nil
    }

    /// apartment, house, room, studio
    static func propertyType(_ text: String?) -> String? {
        guard let text = text?.lowercased() else { return nil }
        if text.contains("wg-zimmer") || text.hasPrefix("zimmer") { return "room" }
        if ["1-zimmer-wohnung", "einzimmerwohnung", "studio", "apartment (1"].contains(where: text.contains) { return "studio" }
        if ["wohnung", "loft", "maisonette", "penthouse", "apartment", "flat", "souterrain"].contains(where: text.contains) { return "apartment" }
        if ["haus", "house", "villa", "bungalow"].contains(where: text.contains) { return "house" }
        return nil
    }

    /// "3. OG", "EG", "Dachgeschoss": whether a text names a floor.
    static func isFloor(_ text: String) -> Bool {
        let text = text.lowercased()
        if ["eg", "dg", "ug", "erdgeschoss", "hochparterre", "souterrain", "tiefparterre", "dachgeschoss", "maisonette"].contains(text) {
            return true
        }
        guard let (_, rest) = GermanNumber.first(in: text), text.first?.isASCIIDigit == true else { return false }
        return [" og", ". og", ".og", " obergeschoss", ". obergeschoss", ". etage", ". stock"].contains(String(rest))
            || rest.hasPrefix(" obergeschoss")
    }
}
