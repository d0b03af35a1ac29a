import Foundation
import HTTPTypes

extension APIContext {
    /// The caller, when they are signed in themselves; 401 without a token, 403 for an API key: what belongs to a session, or has no permission of
    /// its own, is not for keys.
    @discardableResult
    public func requireCaller() throws -> Caller {
        guard let caller else { throw APIError.unauthorized }
        guard caller.scopes == nil else { throw APIError.insufficientScope("a session") }
        return caller
    }

    /// The caller when they may do it (see `Permissions.swift`); 401 without a token, 403 when they may not, with the reason where it is in their hands: an API
    /// key without the scope, an address that is not verified.
    @discardableResult
    public func require(_ permission: Permission) throws -> Caller {
        let caller = try inScope(permission)
        guard caller.may(permission) else { throw APIError.forbidden }
        return caller
    }

    /// As `require(_:)` for what a visitor may ask as well: nil without a token.
    public func permitted(_ permission: Permission) throws -> Caller? { caller == nil ? nil : try require(permission) }

    /// The caller when they may do it in this agency; as `require(_:)`, and 404 for whoever does not belong to the agency.
    @discardableResult
    public func require(_ permission: Permission, in agencyID: UUID) throws -> Caller {
        let caller = try inScope(permission)
        guard caller.may(permission, in: agencyID) else {
            throw caller.isMember(of: agencyID) ? APIError.forbidden : APIError.notFound("agency")
        }
        return caller
    }

    /// The caller, who has shown a second factor a short while ago; somebody whose account has none passes. 403 `second-factor-required` otherwise: the
    /// client lets them step up (`POST /v1/auth/step-up`) and asks again with the token that this gives.
    public func requireSecondFactor(within age: Duration = .seconds(600)) throws {
        guard let caller, caller.scopes == nil, caller.hasSecondFactor else { return }
        let seconds = age.components.seconds
        guard let shown = caller.secondFactorAt, shown.timeIntervalSinceNow > -Double(seconds) else {
            throw APIError.secondFactorRequired(within: seconds)
        }
    }

    private func inScope(_ permission: Permission) throws -> Caller {
        guard let caller else { throw APIError.unauthorized }
        guard !caller.isWithheld(permission) else { throw APIError.accountRestricted }
        guard caller.isInScope(permission) else { throw APIError.insufficientScope(permission.rawValue) }
        if Permission.verified.contains(permission), !caller.emailVerified { throw APIError.emailNotVerified }
        return caller
    }
}

extension APIError {
    static let accountRestricted = APIError(
        .forbidden, "account-restricted", "Your account is restricted.",
        detail: "Moderators have restricted it; /v1/users/me/moderation-actions says why and for how long.")

    public static let emailNotVerified = APIError(.forbidden, "email-not-verified", "Verify your e-mail address first.")

    /// The parameters of RFC 9470; 403 and not 401, as the token is good and another sign-in is not what is asked for.
    static func secondFactorRequired(within seconds: Int64) -> APIError {
        APIError(
            .forbidden, "second-factor-required", "Show a second factor first.",
            detail: "It takes one that was shown within the last \(seconds) seconds: step up at /v1/auth/step-up.",
            headers: [.wwwAuthenticate: "Bearer error=\"insufficient_user_authentication\", acr_values=\"mfa\", max_age=\"\(seconds)\""])
    }

    /// RFC 6750 § 3.1.
    static func insufficientScope(_ needed: String) -> APIError {
        APIError(
            .forbidden, "insufficient-scope", "This API key may not do that.", detail: "It takes \(needed).",
            headers: [.wwwAuthenticate: "Bearer error=\"insufficient_scope\""])
    }
}
