/// What schema.org calls homes, in the words of the catalogue.
enum SchemaOrgTerms {
    static let homes: Set<String> = Set(types.keys).union(["Accommodation", "Residence", "Suite"])

    private static let types = [
        "Apartment": "apartment", "ApartmentComplex": "apartment", "FlatShare": "room", "Room": "room", "House": "house",
        "SingleFamilyResidence": "house",
    ]

    static func propertyType(_ node: JSONNode) -> String? { SchemaOrgItems.types(node).sorted().lazy.compactMap { types[$0] }.first }

    /// `MTK` (UN/CEFACT) or written out; square feet are 0.09290304 of one.
    static func isSquareMetres(_ quantity: JSONNode) -> Bool {
        let unit = quantity["unitCode"].text ?? quantity["unitText"].text
        return unit == nil || ["MTK", "m²", "m2", "qm", "sqm"].contains(unit ?? "")
    }

    /// Whether a price is for letting: by its business function, its period or its kind.
    static func isLease(_ offer: JSONNode) -> Bool {
        let function = (offer["businessFunction"].text ?? "").lowercased()
        if function.hasSuffix("leaseout") { return true }
        let units = [offer, offer["priceSpecification"]].flatMap {
            [$0["unitCode"].text, $0["unitText"].text, $0["referenceQuantity"]["unitCode"].text]
        }
        return units.compactMap { $0?.uppercased() }.contains { ["MON", "MONTH", "MONAT"].contains($0) }
    }
}
