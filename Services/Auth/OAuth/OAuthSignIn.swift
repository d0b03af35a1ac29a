/// What somebody gets who signs in with an account elsewhere.
enum OAuthSignIn: Sendable {
    case session(StartedSession)
    /// Their account has second factors besides.
    case challenge(FactorChallenge)
}
