/// One home of the generated site: everything about it follows from its number, so that nobody need remember it.
struct GeneratedListing: Sendable {
    static let cities = ["Berlin", "Hamburg", "Köln", "Leipzig", "München"]
    static let provider = "immoscout"
    private static let firstID = 700_000_000

    /// From 0.
    var number: Int

    var id: String { String(Self.firstID + number) }
    var city: Int { number % Self.cities.count }

    init(number: Int) { self.number = number }

    init?(id: some StringProtocol) {
        guard let value = Int(id), value >= Self.firstID else { return nil }
        number = value - Self.firstID
    }

    /// What the provider's application is sent for it. Five rooms are more than any generated seeker wants, so that only those whose city it is are told.
    var page: String {
        let rent = 500 + number % 400
        return """
            {"header":{"id":"\(id)"},"sections":[
            {"type":"MEDIA","media":[{"type":"PICTURE","caption":"Wohnzimmer","fullImageUrl":"https://bilder.example/\(id)/1.jpg"}]},
            {"type":"TOP_ATTRIBUTES","attributes":[{"label":"Zimmer","text":"5","type":"TEXT"}]},
            {"type":"TITLE","title":"Wohnung \(id) in \(Self.cities[city])"},
            {"type":"MAP","addressLine1":"Lange Straße \(number % 200 + 1)","addressLine2":"10115 Mitte, \(Self.cities[city])"},
            {"type":"ATTRIBUTE_LIST","attributes":[{"type":"TEXT","label":"Wohnfläche ca.:","text":"\(60 + number % 60) m²"},
            {"type":"TEXT","label":"Kaltmiete (zzgl. Nebenkosten):","text":"\(rent) €"}]},
            {"type":"TEXT_AREA","title":"Objektbeschreibung","text":"Erfunden, Nummer \(number)."}],
            "contact":{"type":"CONTACT","phoneNumbers":[{"type":"TEXT","label":"Festnetznummer","text":"+49 30 23125 101"}],
            "contactData":{"agent":{"name":"Frau Henrike Ostertag"}}},"tracking":{"realEstateType":"APARTMENT_RENT"}}
            """
    }
}
