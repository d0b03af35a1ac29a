import ContactValues
import Contracts
import Foundation
import ServiceKit

/// Seals what a result says, and opens it.
struct ResultSeals: Sendable {
    static let rawPrefix = "scraper.contact_raw."

    let encryption: Encryption

    func seal(_ values: [ContactField: String]) throws -> [String: String] {
        try Dictionary(
            uniqueKeysWithValues: values.map {
                ($0.key.rawValue, Data(try encryption.seal($0.value, context: ContactFound.sealingPrefix + $0.key.rawValue)).base64EncodedString())
            })
    }

    func sealExcerpt(_ text: String) throws -> [String: String] {
        ["text": Data(try encryption.seal(text, context: Self.rawPrefix + "text")).base64EncodedString()]
    }

    func open(_ sealed: [String: String]) throws -> [ContactField: String] {
        var values: [ContactField: String] = [:]
        for (name, text) in sealed {
            guard let field = ContactField(rawValue: name), let data = Data(base64Encoded: text) else { continue }
            values[field] = try encryption.openString(Array(data), context: ContactFound.sealingPrefix + name)
        }
        return values
    }

    func openExcerpt(_ sealed: [String: String]) throws -> String? {
        try sealed["text"].flatMap { Data(base64Encoded: $0) }.map { try encryption.openString(Array($0), context: Self.rawPrefix + "text") }
    }
}
