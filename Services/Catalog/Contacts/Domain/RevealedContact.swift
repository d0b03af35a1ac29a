import Foundation

/// What a contact says, opened for a caller who may read it.
struct RevealedContact: Codable, Sendable {
    var id: UUID
    var name: String?
    /// As it is dialled in its country.
    var phone: String?
    var phoneE164: String?
    var email: String?
    var address: String?
    var website: String?

    enum CodingKeys: String, CodingKey {
        case id, name, phone
        case phoneE164 = "phone_e164"
        case email, address, website
    }
}
