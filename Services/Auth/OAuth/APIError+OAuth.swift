import ServiceKit

extension APIError {
    static let attemptEnded = APIError(
        .unprocessableContent, "attempt-ended", "This attempt is over. Begin again.",
        errors: [FieldError("/state", "expired", "is unknown, was used, has expired or was begun elsewhere")])

    static func provider(_ failure: OAuthFailure, _ label: String) -> APIError {
        failure.isPassing
            ? .unavailable("\(label) cannot be asked right now.", retryAfter: 5)
            : APIError(.unprocessableContent, "provider-refused", "\(label) did not confirm who you are.", detail: failure.reason)
    }

    static let noTrustedAddress = APIError(
        .unprocessableContent, "email-not-verified-there", "The provider does not say that your e-mail address is verified.",
        detail: "Register with your address and a password, and connect the two then.")

    static let accountExists = APIError.conflict("account-exists", "There is an account with this address: sign in to it, and connect the two then.")
    static let connectedElsewhere = APIError.conflict("connected-elsewhere", "It is connected to another account, or this account to another of it.")
    static let lastSignInMethod = APIError.conflict("last-sign-in-method", "Nothing else signs you in: set a password first.")

    static let signInAgain = APIError(.forbidden, "sign-in-again", "Sign in anew first: it takes a sign-in of the last ten minutes.")
}
