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

    static let emailNotVerified = APIError(.forbidden, "email-not-verified", "Verify your e-mail address first.")

    /// RFC 6750 § 3.1.
    static func insufficientScope(_ needed: String) -> APIError {
        APIError(
            .forbidden, "insufficient-scope", "This API key may not do that.", detail: "It takes \(needed).",
            headers: [.wwwAuthenticate: "Bearer error=\"insufficient_scope\""])
    }
}
