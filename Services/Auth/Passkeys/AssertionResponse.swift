import Foundation

/// `AuthenticationResponseJSON` (WebAuthn level 3, § 5.1): what `PublicKeyCredential.toJSON()` gives for a known credential.
struct AssertionResponse: Decodable, Sendable {
    var rawID: Data
    var clientDataJSON: Data
    var authenticatorData: Data
    var signature: Data
    /// The id of the account that the passkey was made for.
    var userHandle: Data?

    private enum CodingKeys: String, CodingKey { case rawId, response }
    private enum ResponseKeys: String, CodingKey { case clientDataJSON, authenticatorData, signature, userHandle }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        rawID = try container.bytes(.rawId)
        let response = try container.nestedContainer(keyedBy: ResponseKeys.self, forKey: .response)
        clientDataJSON = try response.bytes(.clientDataJSON)
        authenticatorData = try response.bytes(.authenticatorData)
        signature = try response.bytes(.signature)
        userHandle = try response.bytesIfPresent(.userHandle)
    }
}
