import Contracts
import Foundation

/// What German pages call the facts of a home, in one list for all of them: a label and its value become a field.
enum HomeFacts {
    /// Sets the field that `label` names, if it names one and `value` is of its kind.
    static func read(_ label: String, _ value: String?, into draft: inout ListingDraft, today: Date, at place: @autoclosure () -> PagePlace) {
        guard let value, !value.isEmpty else { return }
        switch normalised(label) {
        case "kaltmiete", "kaltmiete (netto)", "nettokaltmiete", "kaltmiete (zzgl. nebenkosten)", "grundmiete", "miete", "miete zzgl. nk",
            "monatsmiete", "mietpreis":
            draft.set(.rentNetto, Quantity.euros(value), at: place())
        case "warmmiete", "gesamtmiete", "bruttowarmmiete", "miete inkl. nk", "miete inkl. nebenkosten", "gesamtmiete (warm)":
            draft.set(.rentBrutto, Quantity.euros(value), at: place())
        case "nebenkosten", "zzgl. nebenkosten", "betriebskosten", "nebenkosten (monatlich)", "mietnebenkosten":
            draft.set(.additionalCosts, Quantity.euros(value), at: place())
        case "kaution", "mietkaution", "kaution oder genossenschaftsanteile", "kaution / genoss.-anteile", "genossenschaftsanteile":
            draft.set(.deposit, Quantity.euros(value), at: place())
        case "wohnfläche", "zimmergröße", "größe", "fläche":
            draft.set(.livingArea, Quantity.squareMetres(value), at: place())
        case "gesamtfläche", "wohnungsgröße":
            draft.set(.totalArea, Quantity.squareMetres(value), at: place())
        case "zimmer", "anzahl zimmer", "zimmeranzahl":
            draft.set(.rooms, Quantity.rooms(value), at: place())
        case "schlafzimmer", "anzahl schlafzimmer":
            draft.set(.bedroomCount, Quantity.count(value), at: place())
        case "badezimmer", "bäder", "bad", "anzahl badezimmer", "anzahl bäder":
            draft.set(.bathroomCount, Quantity.count(value), at: place())
        case "etage", "stockwerk", "geschoss", "lage im objekt":
            readFloor(value, into: &draft, at: place())
        case "etagenzahl", "anzahl etagen", "etagen", "geschosse", "anzahl geschosse":
            draft.set(.totalFloors, Quantity.count(value), at: place())
        case "baujahr":
            draft.set(.yearBuilt, Quantity.year(value), at: place())
        case "zustand", "objektzustand", "zustand der immobilie":
            draft.set(.condition, HomeTerms.condition(value), at: place())
        case "frei ab", "verfügbar ab", "bezugsfrei ab", "bezug", "einzugsdatum", "frei":
            draft.set(.availableFrom, GermanDate.parse(value, today: today), at: place())
        case "frei bis", "verfügbar bis":
            draft.set(.availableUntil, GermanDate.parse(value, today: today), at: place())
        case "mindestmietdauer", "mietdauer min.", "mindestmietzeit":
            draft.set(.leaseDurationMin, Quantity.months(value), at: place())
        case "maximale mietdauer", "höchstmietdauer", "mietdauer max.":
            draft.set(.leaseDurationMax, Quantity.months(value), at: place())
        case "möblierung", "möbliert", "ausstattung möblierung":
            draft.set(.furnishingLevel, HomeTerms.furnishing(value) ?? (value == "Ja" ? "furnished" : nil), at: place())
        default: return
        }
    }

    /// Labels that say that a price is a purchase's.
    static func isPurchase(_ label: String) -> Bool { ["kaufpreis", "kaufpreis ca"].contains(normalised(label)) }

    /// "3", "3. OG", "0 von 2": the second number is the building's.
    private static func readFloor(_ value: String, into draft: inout ListingDraft, at place: PagePlace) {
        let parts = value.components(separatedBy: " von ")
        draft.set(.floor, parts[0], at: place)
        if parts.count == 2 { draft.set(.totalFloors, Quantity.count(parts[1]), at: place) }
    }

    /// Lower-case, without the colon and the "ca." that labels carry.
    private static func normalised(_ label: String) -> String {
        var label = label.collapsed.lowercased()
        for ending in [":", " ca.", " ca"] where label.hasSuffix(ending) { label.removeLast(ending.count) }
        if label.hasSuffix(" ca.") { label.removeLast(4) }
        return label.trimmingCharacters(in: .whitespaces)
    }
}
