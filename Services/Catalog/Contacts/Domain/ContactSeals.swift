import ContactValues
import Foundation
import ServiceKit

/// Seals a contact's values for their columns, and opens them.
struct ContactSeals: Sendable {
    /// What is sealed; names stand as they are, so that they can be searched.
    static let fields: [ContactField] = [.phone, .email, .address, .website]

    let encryption: Encryption

    static func column(_ field: ContactField) -> String { "\(field.rawValue)_encrypted" }
    private static func context(_ name: String) -> String { "catalog.contacts.\(name)" }

    func seal(_ text: String, _ field: ContactField) throws -> Data { Data(try encryption.seal(text, context: Self.context(field.rawValue))) }
    func sealE164(_ text: String) throws -> Data { Data(try encryption.seal(text, context: Self.context("phone_e164"))) }

    func open(_ sealed: Data, _ field: ContactField) throws -> String {
        try encryption.openString(Array(sealed), context: Self.context(field.rawValue))
    }

    func openE164(_ sealed: Data) throws -> String { try encryption.openString(Array(sealed), context: Self.context("phone_e164")) }

    /// Everything that a contact says.
    func values(of contact: SealedContact) throws -> [ContactField: String] {
        try Dictionary(uniqueKeysWithValues: contact.values.map { ($0.key, try open($0.value, $0.key)) })
    }
}
