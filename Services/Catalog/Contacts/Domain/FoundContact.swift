import ContactValues
import Contracts
import Foundation
import ServiceKit

/// A contact as somebody or something found it, before it is known whether there is one like it.
struct FoundContact: Sendable {
    /// Whose it will be; nil for everybody's.
    var userID: UUID?
    var values: [ContactField: ContactValue]
    var fieldConfidence: [ContactField: Double]
    var type: ContactType
    var provider: String
    var method: ExtractionMethod
    var confidence: Double
    var listingID: UUID?
    var foundAt: Date
    /// A machine has checked every value and found it right.
    var isValidated = false

    /// What `contacts.field_confidence` holds.
    var confidenceByName: [String: Double] { Dictionary(uniqueKeysWithValues: fieldConfidence.map { ($0.key.rawValue, $0.value) }) }

    func fingerprints(under key: MatchingKey) -> [Fingerprint] {
        values.sorted { $0.key < $1.key }.flatMap { Fingerprint.all(of: $0.value, under: key) }
    }

    /// One hash of everything stated.
    func statedHash(under key: MatchingKey) -> Data {
        key.hash(values.sorted { $0.key < $1.key }.map { "\($0.key.rawValue)=\($0.value.key)" }.joined(separator: "\n"), kind: "stated")
    }
}

extension FoundContact {
    /// What a job of the scraper found; nil when nothing in it makes a contact. Throws `EncryptionError`.
    init?(_ event: ContactFound, listing: UUID?, opening encryption: Encryption) throws {
        var values: [ContactField: ContactValue] = [:]
        for (name, sealed) in event.sealedData {
            guard let field = ContactField(rawValue: name), let data = Data(base64Encoded: sealed) else { continue }
            values[field] = ContactValue(field, try encryption.openString(Array(data), context: ContactFound.sealingPrefix + name))
        }
        guard !values.isEmpty else { return nil }
        self.init(
            userID: event.userID, values: values,
            fieldConfidence: Dictionary(
                uniqueKeysWithValues: values.keys.map { ($0, min(max(event.fieldConfidence[$0.rawValue] ?? 0, 0), 1)) }),
            type: ContactType(rawValue: event.contactType) ?? .contactPerson, provider: String((event.provider ?? "discovery").prefix(50)),
            method: ExtractionMethod(rawValue: event.method) ?? .webScraping, confidence: min(max(event.confidenceScore, 0), 1),
            listingID: listing, foundAt: event.foundAt, isValidated: event.validationStatus == "valid")
    }

    /// What a listing's page states of the person to turn to; nil when it states nothing. A page of a portal is read field by field, not guessed at.
    init?(_ listing: ReadListing, phone: String?, email: String?, at time: Date) {
        var values: [ContactField: ContactValue] = [:]
        for (field, text) in [(ContactField.name, listing.contactName), (.phone, phone), (.email, email)] {
            if let text, let value = ContactValue(field, text) { values[field] = value }
        }
        // A first name alone leads to nobody.
        guard values[.phone] != nil || values[.email] != nil else { return nil }
        self.init(
            userID: nil, values: values, fieldConfidence: values.mapValues { _ in Self.statedConfidence }, type: .contactPerson,
            provider: String(listing.provider.prefix(50)), method: .webScraping, confidence: Self.statedConfidence, listingID: nil, foundAt: time)
    }

    /// Of what stands in a portal's own field for it.
    static let statedConfidence = 0.95
}
