import ContactValues
import Foundation
import ServiceKit

/// A contact that a person writes into their address book.
struct ContactDraft: Decodable, Validated, Sendable {
    var name: String?
    var phone: String?
    var email: String?
    var address: String?
    var website: String?
    var contactType: ContactType
    var lawfulBasis: LawfulBasis?
    var tags: [String]?
    var notes: String?
    var listingID: UUID?

    enum CodingKeys: String, CodingKey {
        case name, phone, email, address, website
        case contactType = "contact_type"
        case lawfulBasis = "lawful_basis"
        case tags, notes
        case listingID = "listing_id"
    }

    private var texts: [(ContactField, String?)] {
        [(.name, name), (.phone, phone), (.email, email), (.address, address), (.website, website)]
    }

    var values: [ContactField: ContactValue] {
        Dictionary(uniqueKeysWithValues: texts.compactMap { field, text in text.flatMap { ContactValue(field, $0) }.map { (field, $0) } })
    }

    func validate(_ check: inout Validation) {
        for (field, text) in texts { check.contactValue(text, field) }
        check(texts.contains { $0.1 != nil }, "/name", "required", "a contact has a name, a phone, an email, an address or a website")
        check.contactTags(tags)
        check.text(notes, "/notes", maximum: 5000, multiline: true)
    }
}

extension Validation {
    mutating func contactValue(_ text: String?, _ field: ContactField) {
        guard let text else { return }
        let value = ContactValue(field, text)
        let isReachable = field != .email || EmailAddress(text)?.problem == nil
        let isDialled = field != .phone || PhoneNumber(text)?.isValid == true
        self(value != nil && isReachable && isDialled, "/\(field.rawValue)", "format", "must be \(Self.expectation(field))")
    }

    mutating func contactTags(_ tags: [String]?) {
        guard let tags else { return }
        self(tags.count <= 50, "/tags", "length", "must be at most 50")
        for (index, tag) in tags.enumerated() { text(tag, "/tags/\(index)", maximum: 50) }
    }

    private static func expectation(_ field: ContactField) -> String {
        switch field {
        case .name: "a name of at most 255 characters"
        case .phone: "a telephone number, with its country's code or as it is dialled in Germany"
        case .email: "an e-mail address of a domain that can receive mail"
        case .address: "a postal address of 5 to 500 characters"
        case .website: "the address of a website"
        }
    }
}
