import Foundation
import ServiceKit

/// Every setting that auth reads.
struct AuthConfiguration: Sendable {
    /// `BCRYPT_COST`: each step doubles the time of a sign-in; a stored hash of a lower cost is made anew when its owner signs in.
    var bcryptCost: Int
    /// `BCRYPT_THREADS`: passwords hashed at once; as many as there are cores.
    var bcryptThreads: Int
    /// `BCRYPT_WAITING`: how many may wait for a thread before sign-ins are refused with 503.
    var bcryptWaiting: Int
    /// `API_KEY_USE_PAUSE`: how often it is written down when API keys were used last.
    var keyUsePause: Duration
    /// `MODERATION_EXPIRY_PAUSE`: how often it is looked whether the time of a moderator's action is over.
    var expiryPause: Duration
    /// `WEBAUTHN_RP_ID`: the domain that passkeys are for; the host of `PUBLIC_URL` unless it says so. Changing it makes every passkey useless.
    /// `WEBAUTHN_ORIGINS`: where the pages that ask for them come from; the origin of `PUBLIC_URL` unless it says so.
    var webAuthn: WebAuthn
    /// `OAUTH_PROVIDERS` and what goes with each (`OAuthProvider`).
    var providers: [OAuthProvider]
    /// `OAUTH_REDIRECT_URL`: the front end's page that providers send the browser back to; it hands `code` and `state` on.
    var oauthRedirectURL: String
    /// `CONSENT_TEXT_VERSION`: of the texts that people are asked to agree to now, kept with every consent.
    var consentTextVersion: String
    /// `PUBLIC_URL`: what the links in mails begin with.
    var publicURL: String

    init(_ settings: Settings) throws {
        bcryptCost = try settings.int("BCRYPT_COST", default: 10)
        bcryptThreads = try settings.int("BCRYPT_THREADS", default: ProcessInfo.processInfo.activeProcessorCount)
        bcryptWaiting = try settings.int("BCRYPT_WAITING", default: 64)
        keyUsePause = try settings.duration("API_KEY_USE_PAUSE", default: .seconds(10))
        expiryPause = try settings.duration("MODERATION_EXPIRY_PAUSE", default: .seconds(10))
        consentTextVersion = settings.string("CONSENT_TEXT_VERSION", default: "1").limited(to: 50)
        publicURL = try settings.publicURL()
        providers = try OAuthProvider.all(settings)
        oauthRedirectURL = settings.string("OAUTH_REDIRECT_URL", default: publicURL + "/oauth/callback")
        webAuthn = try WebAuthn(settings, publicURL: publicURL)
    }
}
