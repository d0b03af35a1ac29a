import Foundation
import ServiceKit

/// `PublicKeyCredentialCreationOptionsJSON` (WebAuthn level 3, § 5.4): what a page hands to `navigator.credentials.create`.
struct PasskeyCreationOptions: Codable, Sendable {
    struct RelyingParty: Codable, Sendable {
        var id: String
        var name = "Hearth"
    }

    struct Person: Codable, Sendable {
        /// Bytes of the account's id, base64url.
        var id: String
        var name: String
        var displayName: String
    }

    struct Parameter: Codable, Sendable {
        var type = "public-key"
        var alg: Int32
    }

    struct Selection: Codable, Sendable {
        var residentKey = "required"
        var requireResidentKey = true
        var userVerification = "required"
    }

    var rp: RelyingParty
    var user: Person
    var challenge: String
    var pubKeyCredParams = WebAuthn.algorithms.map { Parameter(alg: $0) }
    var timeout = Lifetimes.passkeyChallenge * 1000
    var excludeCredentials: [PasskeyDescriptor]
    var authenticatorSelection = Selection()
    var attestation = "none"
}

/// `PublicKeyCredentialRequestOptionsJSON` (§ 5.5): what a page hands to `navigator.credentials.get`.
struct PasskeyRequestOptions: Codable, Sendable {
    var challenge: String
    var timeout = Lifetimes.passkeyChallenge * 1000
    var rpId: String
    /// None for a sign-in: the authenticator knows which accounts it has.
    var allowCredentials: [PasskeyDescriptor]
    var userVerification: String
}

/// A credential by its id (§ 5.8.3).
struct PasskeyDescriptor: Codable, Sendable {
    var type = "public-key"
    var id: String
    var transports: [String]
}

extension UUID {
    /// The sixteen bytes.
    var data: Data { withUnsafeBytes(of: uuid) { Data($0) } }
}
