import ServiceKit

extension APIError {
    /// The same for an unknown address, a wrong password and a locked account: none of them is told apart from the others.
    static let invalidCredentials = APIError(
        .unauthorized, "invalid-credentials", "E-mail address or password is wrong.",
        detail: "After several wrong passwords an account refuses every sign-in for a while.", headers: [.wwwAuthenticate: "Bearer"])

    static let invalidRefreshToken = APIError(
        .unauthorized, "invalid-refresh-token", "The refresh token is not valid. Sign in again.", headers: [.wwwAuthenticate: "Bearer"])

    /// Told only to somebody who knew the password.
    static let accountSuspended = APIError(.forbidden, "account-suspended", "This account is suspended.")

    static let uselessToken = APIError(
        .unprocessableContent, "useless-token", "This link is not valid any more.",
        errors: [FieldError("/token", "expired", "is unknown, has been used or has expired")])

    /// Told to whoever has the token, and so reads that mailbox.
    static let otherInvitee = APIError(
        .forbidden, "other-invitee", "This invitation is for another address.", detail: "Sign in with the address that it was sent to.")

    static let alreadyMember = APIError.conflict("already-member", "They belong to this agency already.")
    static let lastOwner = APIError.conflict("last-owner", "An agency has at least one owner: hand it over first.")

    static func beyondSubscription(_ what: String, limit: Int) -> APIError {
        APIError(
            .conflict, "subscription-limit", "The agency's subscription does not allow more.", detail: "It allows \(limit) \(what) at most.")
    }

    static func tooManyAgencies(limit: Int) -> APIError {
        .conflict("agency-limit", "You own as many agencies as one may, which are \(limit): hand one over, or delete it.")
    }

    static let wrongCode = APIError(
        .unprocessableContent, "wrong-code", "The code is wrong.",
        detail: "A code is good once and for a short time. After a few wrong ones it takes a new beginning.",
        errors: [FieldError("/code", "wrong", "is wrong, was used before or has expired")])

    static func challengeEnded(at pointer: String) -> APIError {
        APIError(
            .unprocessableContent, "challenge-ended", "It is too late, or there were too many wrong codes. Begin again.",
            errors: [FieldError(pointer, "expired", "is unknown, is done with or has expired")])
    }

    static let noSecondFactor = APIError.conflict("no-second-factor", "This account has no second factor.")
    static let factorExists = APIError.conflict("factor-exists", "There is such a factor already: remove it first.")

    static func tooManyCodes(retryAfter seconds: Int) -> APIError {
        APIError(
            .tooManyRequests, "too-many-codes", "A code was sent a moment ago, or there were too many.", headers: [.retryAfter: String(seconds)])
    }

    static func wrongPassword(at pointer: String) -> APIError {
        APIError(
            .unprocessableContent, "wrong-password", "The password is wrong.", errors: [FieldError(pointer, "wrong", "is not your password")])
    }
}
