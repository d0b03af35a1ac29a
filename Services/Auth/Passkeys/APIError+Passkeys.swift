import ServiceKit

extension APIError {
    static func passkeyRefused(_ reason: String) -> APIError {
        APIError(
            .unprocessableContent, "passkey-refused", "The passkey is not believed.", errors: [FieldError("/credential", "refused", reason)])
    }

    static let passkeyUnknown = APIError(
        .unauthorized, "invalid-credentials", "The passkey is unknown or was not believed.", headers: [.wwwAuthenticate: "Bearer"])

    static let tooManyPasskeys = APIError.conflict("too-many-passkeys", "There are too many passkeys: remove one first.")

    /// Tells what the verification found, of the caller's own new passkey.
    static func believing<Result>(_ body: () throws(PasskeyError) -> Result) throws -> Result {
        do {
            return try body()
        } catch {
            throw passkeyRefused(error.reason)
        }
    }
}
