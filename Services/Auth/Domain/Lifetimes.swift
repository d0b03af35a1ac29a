/// How long things live, in seconds.
enum Lifetimes {
    /// A session that is not used for this long has ended; every refresh prolongs it.
    static let idleSession = 30 * 86_400
    /// No session lives longer than this, however often it is refreshed.
    static let wholeSession = 180 * 86_400
    /// How long a refresh token that was just used still gets the same answer: two tabs, or an answer lost on the way.
    static let refreshGrace = 10
    static let verification = 86_400
    static let emailChange = 86_400
    /// How long the old address may take a change of the address back.
    static let emailTakeBack = 7 * 86_400
    /// How long an archive can be fetched.
    static let dataExport = 7 * 86_400
    static let invitation = 7 * 86_400
    static let apiKey = 365 * 86_400
    static let longestAPIKey = 730 * 86_400
    /// How long the key that was replaced may still be used.
    static let longestRotation = 7 * 86_400
    static let passwordReset = 3600
    /// How long a second factor is waited for, and for a new one to be confirmed.
    static let challenge = 600
    static let enrolment = 900
    /// How long a code by mail or text message is good.
    static let sentCode = 600
    /// Between two codes for one challenge.
    static let codePause = 30
    /// How long an authenticator has to sign.
    static let passkeyChallenge = 300
    /// How long somebody may be away at a provider.
    static let oauthAttempt = 900
    static let backupCode = 5 * 365 * 86_400
    /// Between two mails of one kind to one account.
    static let mailPause = 60
    static let cachedAgency: Duration = .seconds(1800)
    static let cachedSession: Duration = .seconds(86_400)
}
