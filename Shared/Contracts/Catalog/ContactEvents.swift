import Foundation
import Messaging

/// What became of a contact that was found: it is a new one, is one that is known, or is not taken.
public struct ContactRecorded: Event {
    public static let name = "catalog.contact.recorded.v1"
    /// Of the `ContactFound` that it answers; nil for a contact that a listing's page states.
    public var resultID: UUID?
    public var contactID: UUID?
    public var listingID: UUID?
    public var userID: UUID?
    /// created, updated, unchanged, refused
    public var outcome: String
    /// Why it was refused: `blacklisted`, `nothing_left`, `no_name_or_value`.
    public var reason: String?
    /// That another contact is the same one, 0…1.
    public var duplicateProbability: Double
    public var version: Int64
    public var subject: UUID { contactID ?? resultID ?? UUID(namespace: "contact", "none") }
    public var aggregateVersion: Int64? { contactID == nil ? nil : version }
    public init(
        resultID: UUID?, contactID: UUID?, listingID: UUID?, userID: UUID?, outcome: String, reason: String?, duplicateProbability: Double,
        version: Int64
    ) {
        self.resultID = resultID
        self.contactID = contactID
        self.listingID = listingID
        self.userID = userID
        self.outcome = outcome
        self.reason = reason
        self.duplicateProbability = duplicateProbability
        self.version = version
    }
    enum CodingKeys: String, CodingKey {
        case resultID = "result_id"
        case contactID = "contact_id"
        case listingID = "listing_id"
        case userID = "user_id"
        case outcome, reason
        case duplicateProbability = "duplicate_probability"
        case version
    }
}

/// Somebody read the sealed values of a contact.
public struct ContactRevealed: Event {
    public static let name = "catalog.contact.revealed.v1"
    public var contactID: UUID
    /// Who read them.
    public var userID: UUID
    public var fields: [String]
    /// What for, as the reader says.
    public var purpose: String
    public var subject: UUID { contactID }
    public init(contactID: UUID, userID: UUID, fields: [String], purpose: String) {
        self.contactID = contactID
        self.userID = userID
        self.fields = fields
        self.purpose = purpose
    }
    enum CodingKeys: String, CodingKey {
        case contactID = "contact_id"
        case userID = "user_id"
        case fields, purpose
    }
}

/// A contact is gone with all its values.
public struct ContactErased: Event {
    public static let name = "catalog.contact.erased.v1"
    /// A listing as its portal names it.
    public struct Listing: Codable, Sendable, Hashable {
        public var provider: String
        public var providerListingID: String
        public init(provider: String, providerListingID: String) {
            self.provider = provider
            self.providerListingID = providerListingID
        }
        enum CodingKeys: String, CodingKey {
            case provider
            case providerListingID = "provider_listing_id"
        }
    }
    public var contactID: UUID
    /// objection, retention, owner, user_deleted
    public var reason: String
    /// Those that named the contact, where whoever it was does not want to be kept: nor are their pages to be.
    public var listings: [Listing]?
    public var subject: UUID { contactID }
    public init(contactID: UUID, reason: String, listings: [Listing]? = nil) {
        self.contactID = contactID
        self.reason = reason
        self.listings = listings
    }
    enum CodingKeys: String, CodingKey {
        case contactID = "contact_id"
        case reason, listings
    }
}

/// Somebody decided whether two contacts are one.
public struct ContactMergeDecided: Event {
    public static let name = "catalog.contact_merge.decided.v1"
    public var mergeID: UUID
    /// The one that stays.
    public var contactID: UUID
    public var duplicateID: UUID
    /// accepted, rejected, undone
    public var status: String
    public var userID: UUID
    public var subject: UUID { contactID }
    public init(mergeID: UUID, contactID: UUID, duplicateID: UUID, status: String, userID: UUID) {
        self.mergeID = mergeID
        self.contactID = contactID
        self.duplicateID = duplicateID
        self.status = status
        self.userID = userID
    }
    enum CodingKeys: String, CodingKey {
        case mergeID = "merge_id"
        case contactID = "contact_id"
        case duplicateID = "duplicate_id"
        case status
        case userID = "user_id"
    }
}

/// A value, or a domain, came onto the blacklist or left it. Which one it is stays a secret of the list.
public struct ContactBlacklistChanged: Event {
    public static let name = "catalog.contact_blacklist.changed.v1"
    public var entryID: UUID
    /// email, phone, domain, website, address, name
    public var kind: String
    /// added, removed
    public var change: String
    public var reason: String?
    public var subject: UUID { entryID }
    public init(entryID: UUID, kind: String, change: String, reason: String?) {
        self.entryID = entryID
        self.kind = kind
        self.change = change
        self.reason = reason
    }
    enum CodingKeys: String, CodingKey {
        case entryID = "entry_id"
        case kind, change, reason
    }
}

/// What a person asked of the contacts that are them was done, or refused.
public struct ContactObjectionDecided: Event {
    public static let name = "catalog.contact_objection.decided.v1"
    public var objectionID: UUID
    /// accepted, rejected
    public var status: String
    /// Contacts that were erased.
    public var contacts: Int
    public var subject: UUID { objectionID }
    public init(objectionID: UUID, status: String, contacts: Int) {
        self.objectionID = objectionID
        self.status = status
        self.contacts = contacts
    }
    enum CodingKeys: String, CodingKey {
        case objectionID = "objection_id"
        case status, contacts
    }
}
