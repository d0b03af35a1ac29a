import Foundation

/// A credential that an authenticator has just made.
struct NewPasskey: Sendable {
    var credentialID: Data
    var publicKey: Data
    /// COSE.
    var algorithm: Int32
    var signCount: Int64
    /// Which model of authenticator; nil when it does not say.
    var aaguid: UUID?
    var transports: [String]
    var isBackedUp: Bool
    var flags: UInt8
}

/// What a verified signature said besides.
struct Assertion: Sendable {
    var signCount: Int64
    var isUserVerified: Bool
    var isBackedUp: Bool
}
