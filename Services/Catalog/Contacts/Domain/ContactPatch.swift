import ContactValues
import Foundation
import ServiceKit

/// A change of a contact: what is present is set, null clears, what is absent stays (RFC 7396).
struct ContactPatch: Decodable, Validated, Sendable {
    /// Fields that are named, with their new texts; nil clears.
    var texts: [ContactField: String?] = [:]
    var contactType: ContactType?
    var lawfulBasis: LawfulBasis?
    var tags: [String]?
    var notes: String??
    var isActive: Bool?
    /// With its reason; nil takes it away.
    var blacklistedReason: String??

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        for (field, key) in [(ContactField.name, CodingKeys.name), (.phone, .phone), (.email, .email), (.address, .address), (.website, .website)]
        where container.contains(key) {
            texts[field] = .some(try container.decodeIfPresent(String.self, forKey: key))
        }
        contactType = try container.ifNamed(.contactType)
        lawfulBasis = try container.ifNamed(.lawfulBasis)
        tags = try container.ifNamed(.tags)
        isActive = try container.ifNamed(.isActive)
        if container.contains(.notes) { notes = .some(try container.decodeIfPresent(String.self, forKey: .notes)) }
        if container.contains(.blacklistedReason) {
            blacklistedReason = .some(try container.decodeIfPresent(String.self, forKey: .blacklistedReason))
        }
    }

    func validate(_ check: inout Validation) {
        for (field, text) in texts { check.contactValue(text, field) }
        check.contactTags(tags)
        if case .some(.some(let notes)) = notes { check.text(notes, "/notes", maximum: 5000, multiline: true) }
        if case .some(.some(let reason)) = blacklistedReason { check.text(reason, "/blacklisted_reason", maximum: 500) }
    }

    enum CodingKeys: String, CodingKey {
        case name, phone, email, address, website
        case contactType = "contact_type"
        case lawfulBasis = "lawful_basis"
        case tags, notes
        case isActive = "is_active"
        case blacklistedReason = "blacklisted_reason"
    }
}

extension KeyedDecodingContainer {
    /// The value of a member that cannot be cleared: null is refused, as any other wrong type is.
    fileprivate func ifNamed<Value: Decodable>(_ key: Key) throws -> Value? { contains(key) ? try decode(Value.self, forKey: key) : nil }
}
