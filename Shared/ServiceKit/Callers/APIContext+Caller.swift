import Foundation

extension APIContext {
    /// The caller, or 401.
    @discardableResult
    public func requireCaller() throws -> Caller {
        guard let caller else { throw APIError.unauthorized }
        return caller
    }

    /// The caller when they have one of the platform's roles; 401 without a token, 403 without the role.
    @discardableResult
    public func requireRole(_ roles: PlatformRole...) throws -> Caller {
        let caller = try requireCaller()
        guard roles.contains(caller.role) else { throw APIError.forbidden }
        return caller
    }

    /// The caller when their e-mail address is verified; 401 without a token, 403 without a verified address.
    @discardableResult
    public func requireVerifiedEmail() throws -> Caller {
        let caller = try requireCaller()
        guard caller.emailVerified else {
            throw APIError(.forbidden, "email-not-verified", "Verify your e-mail address first.")
        }
        return caller
    }

    /// The caller when they belong to the agency with one of the roles (any role when none is named); 401 without a token, 403 otherwise.
    @discardableResult
    public func requireMember(of agencyID: UUID, as roles: AgencyRole...) throws -> Caller {
        let caller = try requireCaller()
        guard let role = caller.role(in: agencyID), roles.isEmpty || roles.contains(role) else { throw APIError.forbidden }
        return caller
    }
}
