import ServiceKit

/// What it takes to found an agency.
struct NewAgency: Decodable, Sendable, Validated {
    var kind: Agency.Kind
    var name: String
    var licenseNumber: String?
    var address: PostalAddress?
    var phone: String?
    var email: EmailAddress?
    var website: String?

    enum CodingKeys: String, CodingKey {
        case kind, name, address, phone, email, website
        case licenseNumber = "license_number"
    }

    func validate(_ check: inout Validation) {
        check(kind != .system, "/kind", "unknown_value", "must be one of: brokerage, rescue")
        check.text(name, "/name", maximum: 255)
        check.text(licenseNumber, "/license_number", maximum: 100)
        address?.validate(&check, at: "/address")
        check.phone(phone, "/phone")
        if let email { check.email(email, "/email") }
        check.webAddress(website, "/website", maximum: 255)
    }
}
