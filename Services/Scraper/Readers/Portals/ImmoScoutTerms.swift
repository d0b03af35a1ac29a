/// What ImmoScout24 calls kinds of homes, in the words of the catalogue.
enum ImmoScoutTerms {
    static func propertyType(_ kind: String?) -> String? {
        switch kind?.uppercased().replacing("_", with: "") {
        case "APARTMENTRENT", "APARTMENTBUY", "SHORTTERMACCOMMODATION", "SEARCH:APARTMENTRENT": "apartment"
        case "HOUSERENT", "HOUSEBUY", "SEARCH:HOUSERENT": "house"
        case "FLATSHAREROOM", "SEARCH:FLATSHAREROOM": "room"
        default: nil
        }
    }
}
