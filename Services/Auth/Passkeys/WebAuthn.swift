import CFIDO2
import Crypto
import Foundation

/// Verifies what authenticators say (WebAuthn level 3, § 7), with libfido2 for everything that is signed.
struct WebAuthn: Sendable {
    /// The domain that passkeys are for, such as `hearth.example`.
    var relyingPartyID: String
    /// Where the pages that ask for them come from, such as `https://hearth.example`.
    var origins: Set<String>

    /// The algorithms that are taken, the best liked first.
    static let algorithms: [Int32] = [COSE_ES256, COSE_EDDSA, COSE_RS256]

    /// A new credential (§ 7.1). No attestation is asked for: whose make an authenticator is plays no part, so its statement is not looked at.
    func register(_ response: RegistrationResponse, challenge: OpaqueToken) throws(PasskeyError) -> NewPasskey {
        let clientHash = try check(response.clientDataJSON, type: "webauthn.create", challenge)
        guard let object = AttestationObject(response.attestationObject) else { throw PasskeyError("the attestation object cannot be read") }
        let data = object.authenticatorData
        guard data.prefix(32) == Data(SHA256.hash(data: Data(relyingPartyID.utf8))) else { throw PasskeyError("it is for another domain") }
        for algorithm in Self.algorithms {
            guard let passkey = credential(data, clientHash, algorithm, response) else { continue }
            guard passkey.flags & Flags.present != 0, passkey.flags & Flags.verified != 0 else {
                throw PasskeyError("the authenticator has not made sure of its user")
            }
            guard passkey.credentialID == response.rawID else { throw PasskeyError("the ids of the credential differ") }
            return passkey
        }
        throw PasskeyError("the authenticator data cannot be read, or its algorithm is not taken")
    }

    /// A signature of a known credential (§ 7.2).
    func verify(
        _ response: AssertionResponse, challenge: OpaqueToken, by passkey: StoredPasskey, userVerification: Bool
    ) throws(PasskeyError) -> Assertion {
        let clientHash = try check(response.clientDataJSON, type: "webauthn.get", challenge)
        var assertion: OpaquePointer? = fido_assert_new()
        defer { fido_assert_free(&assertion) }
        let isSet =
            fido_assert_set_rp(assertion, relyingPartyID) == FIDO_OK
            && clientHash.withBytes { fido_assert_set_clientdata_hash(assertion, $0, $1) } == FIDO_OK
            && fido_assert_set_count(assertion, 1) == FIDO_OK
            && response.authenticatorData.withBytes { fido_assert_set_authdata_raw(assertion, 0, $0, $1) } == FIDO_OK
            && response.signature.withBytes { fido_assert_set_sig(assertion, 0, $0, $1) } == FIDO_OK
            && fido_assert_set_up(assertion, FIDO_OPT_TRUE) == FIDO_OK
            && fido_assert_set_uv(assertion, userVerification ? FIDO_OPT_TRUE : FIDO_OPT_OMIT) == FIDO_OK
        guard isSet else { throw PasskeyError("the authenticator data cannot be read") }
        guard Self.isSigned(assertion, by: passkey) else { throw PasskeyError("the signature is not the passkey's") }
        let flags = fido_assert_flags(assertion, 0)
        return Assertion(
            signCount: Int64(fido_assert_sigcount(assertion, 0)), isUserVerified: flags & Flags.verified != 0,
            isBackedUp: flags & Flags.backedUp != 0)
    }

    /// The hash of what the browser says it has asked for, when that is what was to be asked for.
    private func check(_ json: Data, type: String, _ challenge: OpaqueToken) throws(PasskeyError) -> Data {
        guard let client = try? JSONDecoder().decode(ClientData.self, from: json) else { throw PasskeyError("the client data cannot be read") }
        guard client.type == type else { throw PasskeyError("it is of another ceremony") }
        guard client.challenge == challenge.text else { throw PasskeyError("it is for another challenge") }
        guard origins.contains(client.origin), client.crossOrigin != true else { throw PasskeyError("it comes from another origin") }
        return Data(SHA256.hash(data: json))
    }

    /// Nil when it is not of this algorithm, or cannot be read.
    private func credential(_ data: Data, _ clientHash: Data, _ algorithm: Int32, _ response: RegistrationResponse) -> NewPasskey? {
        var credential: OpaquePointer? = fido_cred_new()
        defer { fido_cred_free(&credential) }
        guard fido_cred_set_type(credential, algorithm) == FIDO_OK, fido_cred_set_rp(credential, relyingPartyID, nil) == FIDO_OK,
            clientHash.withBytes({ fido_cred_set_clientdata_hash(credential, $0, $1) }) == FIDO_OK,
            data.withBytes({ fido_cred_set_authdata_raw(credential, $0, $1) }) == FIDO_OK,
            let id = Self.data(fido_cred_id_ptr(credential), fido_cred_id_len(credential)),
            let key = Self.data(fido_cred_pubkey_ptr(credential), fido_cred_pubkey_len(credential))
        else { return nil }
        let flags = fido_cred_flags(credential)
        return NewPasskey(
            credentialID: id, publicKey: key, algorithm: algorithm, signCount: Int64(fido_cred_sigcount(credential)),
            aaguid: Self.data(fido_cred_aaguid_ptr(credential), fido_cred_aaguid_len(credential)).flatMap(Self.uuid),
            transports: response.transports, isBackedUp: flags & Flags.backedUp != 0, flags: flags)
    }

    private static func isSigned(_ assertion: OpaquePointer?, by passkey: StoredPasskey) -> Bool {
        switch passkey.algorithm {
        case COSE_ES256:
            var key: OpaquePointer? = es256_pk_new()
            defer { es256_pk_free(&key) }
            guard passkey.publicKey.withBytes({ es256_pk_from_ptr(key, $0, $1) }) == FIDO_OK else { return false }
            return fido_assert_verify(assertion, 0, COSE_ES256, UnsafeRawPointer(key)) == FIDO_OK
        case COSE_EDDSA:
            var key: OpaquePointer? = eddsa_pk_new()
            defer { eddsa_pk_free(&key) }
            guard passkey.publicKey.withBytes({ eddsa_pk_from_ptr(key, $0, $1) }) == FIDO_OK else { return false }
            return fido_assert_verify(assertion, 0, COSE_EDDSA, UnsafeRawPointer(key)) == FIDO_OK
        case COSE_RS256:
            var key: OpaquePointer? = rs256_pk_new()
            defer { rs256_pk_free(&key) }
            guard passkey.publicKey.withBytes({ rs256_pk_from_ptr(key, $0, $1) }) == FIDO_OK else { return false }
            return fido_assert_verify(assertion, 0, COSE_RS256, UnsafeRawPointer(key)) == FIDO_OK
        default:
            return false
        }
    }

    private static func data(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Data? {
        guard let start, count > 0 else { return nil }
        return Data(bytes: start, count: count)
    }

    private static func uuid(_ bytes: Data) -> UUID? {
        guard bytes.count == 16, bytes.contains(where: { $0 != 0 }) else { return nil }
        let b = Array(bytes)
        return UUID(uuid: (b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7], b[8], b[9], b[10], b[11], b[12], b[13], b[14], b[15]))
    }

    /// Bits of the authenticator data (§ 6.1).
    private enum Flags {
        static let present: UInt8 = 0x01
        static let verified: UInt8 = 0x04
        static let backedUp: UInt8 = 0x10
    }

    private struct ClientData: Decodable {
        var type: String
        var challenge: String
        var origin: String
        var crossOrigin: Bool?
    }
}

extension Data {
    fileprivate func withBytes(_ body: (UnsafePointer<UInt8>?, Int) -> Int32) -> Int32 {
        withUnsafeBytes { body($0.bindMemory(to: UInt8.self).baseAddress, $0.count) }
    }
}
