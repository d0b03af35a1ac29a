import ServiceKit

/// Where an agency is.
struct PostalAddress: Codable, Sendable, Hashable {
    var street: String?
    var houseNumber: String?
    /// A floor, a yard, "c/o".
    var addition: String?
    var postalCode: String?
    var city: String?
    var district: String?
    var state: String?
    /// ISO 3166-1 alpha-2.
    var country: String?

    enum CodingKeys: String, CodingKey {
        case street, addition, city, district, state, country
        case houseNumber = "house_number"
        case postalCode = "postal_code"
    }

    func validate(_ check: inout Validation, at pointer: String) {
        check.text(street, pointer + "/street", maximum: 255)
        check.text(houseNumber, pointer + "/house_number", maximum: 20)
        check.text(addition, pointer + "/addition", maximum: 255)
        check.text(postalCode, pointer + "/postal_code", maximum: 20)
        check.text(city, pointer + "/city", maximum: 100)
        check.text(district, pointer + "/district", maximum: 100)
        check.text(state, pointer + "/state", maximum: 100)
        if let country {
            check(country.wholeMatch(of: /[A-Z]{2}/) != nil, pointer + "/country", "format", "must be a country code of two letters such as DE")
        }
    }
}
