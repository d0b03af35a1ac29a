import Foundation
import ServiceKit

/// `RegistrationResponseJSON` (WebAuthn level 3, § 5.1): what `PublicKeyCredential.toJSON()` gives for a new credential.
struct RegistrationResponse: Decodable, Sendable {
    var rawID: Data
    var clientDataJSON: Data
    var attestationObject: Data
    var transports: [String]

    private enum CodingKeys: String, CodingKey { case rawId, response }
    private enum ResponseKeys: String, CodingKey { case clientDataJSON, attestationObject, transports }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        rawID = try container.bytes(.rawId)
        let response = try container.nestedContainer(keyedBy: ResponseKeys.self, forKey: .response)
        clientDataJSON = try response.bytes(.clientDataJSON)
        attestationObject = try response.bytes(.attestationObject)
        let known: Set<String> = ["usb", "nfc", "ble", "smart-card", "hybrid", "internal"]
        transports = (try response.decodeIfPresent([String].self, forKey: .transports) ?? []).filter(known.contains)
    }
}

extension KeyedDecodingContainer {
    /// base64url, as WebAuthn's JSON has bytes.
    func bytes(_ key: Key) throws -> Data {
        let text = try decode(String.self, forKey: key)
        guard let data = Data(base64URL: text), !data.isEmpty else {
            throw DecodingError.dataCorruptedError(forKey: key, in: self, debugDescription: "not base64url")
        }
        return data
    }

    func bytesIfPresent(_ key: Key) throws -> Data? {
        try decodeIfPresent(String.self, forKey: key) == nil ? nil : bytes(key)
    }
}
