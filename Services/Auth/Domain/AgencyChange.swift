import Foundation
import ServiceKit

/// What may be changed of an agency: a merge patch. `branding_config`, `address` and `settings` are replaced as a whole.
struct AgencyChange: Decodable, Sendable {
    /// Bytes of JSON.
    static let largestSettings = 16_384

    var name: String?
    var licenseNumber: Change<String>
    var address: Change<PostalAddress>
    var phone: Change<String>
    var email: Change<EmailAddress>
    var website: Change<String>
    var logoURL: Change<String>
    var branding: Branding?
    var settings: [String: JSONValue]?

    enum CodingKeys: String, CodingKey {
        case name, address, phone, email, website, settings
        case licenseNumber = "license_number"
        case logoURL = "logo_url"
        case branding = "branding_config"
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        name = try container.decodeIfPresent(String.self, forKey: .name)
        licenseNumber = try container.change(.licenseNumber)
        address = try container.change(.address)
        phone = try container.change(.phone)
        email = try container.change(.email)
        website = try container.change(.website)
        logoURL = try container.change(.logoURL)
        branding = try container.decodeIfPresent(Branding.self, forKey: .branding)
        settings = try container.decodeIfPresent([String: JSONValue].self, forKey: .settings)
    }
}

extension AgencyChange: Validated {
    func validate(_ check: inout Validation) {
        check.text(name, "/name", maximum: 255)
        check.text(licenseNumber.value, "/license_number", maximum: 100)
        address.value?.validate(&check, at: "/address")
        check.phone(phone.value, "/phone")
        if let email = email.value { check.email(email, "/email") }
        check.webAddress(website.value, "/website", maximum: 255)
        check.webAddress(logoURL.value, "/logo_url", maximum: 2000)
        branding?.validate(&check, at: "/branding_config")
        let size = settings.flatMap { try? JSONEncoder().encode($0).count } ?? 0
        check(size <= Self.largestSettings, "/settings", "length", "must be at most \(Self.largestSettings) bytes of JSON")
    }
}
