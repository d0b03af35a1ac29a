import Contracts
import Foundation
import Passwords
import ServiceKit

/// Who you are, which agency you belong to, what you may do.
@main
struct AuthService: HearthService {
    static let name = ServiceName.auth
    static var openAPI: [UInt8] { PackageResources.openapi_json }

    static func build(_ platform: Platform) async throws -> Assembly {
        let configuration = try AuthConfiguration(platform.settings)
        let postgres = platform.postgres
        let mail = AccountMail(encryption: platform.encryption, publicURL: configuration.publicURL)
        let hasher = try PasswordHasher(
            cost: configuration.bcryptCost, threads: configuration.bcryptThreads, waiting: configuration.bcryptWaiting)

        let users = UserStore(postgres: postgres, mail: mail, consentTextVersion: configuration.consentTextVersion)
        let signIns = SignInStore(postgres: postgres)
        let codes = CodeStore(postgres: postgres, encryption: platform.encryption, mail: mail)
        let proofs = PasskeyProofs(webAuthn: configuration.webAuthn)
        let challenges = ChallengeStore(postgres: postgres, codes: codes, passkeys: proofs)
        let factors = FactorStore(postgres: postgres, codes: codes, challenges: challenges, mail: mail)
        let sessions = SessionStore(postgres: postgres)
        let cache = SessionCache(cache: platform.cache, sessions: sessions, authenticator: platform.authenticator)
        let keys = SigningKeyRing(SigningKeyStore(postgres, encryption: platform.encryption), logger: platform.logger)

        // Here tokens are verified from the tables themselves; the other services ask.
        let apiKeys = APIKeyStore(postgres: postgres)
        let keyUses = APIKeyUses(apiKeys, every: configuration.keyUsePause, logger: platform.logger)
        let knownKeys = KnownAPIKeys(keys: apiKeys, uses: keyUses)
        platform.authenticator.use(keys: keys, sessions: cache, apiKeys: knownKeys)
        platform.requests.answer(ResolveSession.self) { request, _ in
            .init(session: try await cache.resolve(request.sessionID, user: request.userID))
        }
        platform.requests.answer(ResolveAPIKey.self) { request, _ in
            guard let hash = Data(base64URL: request.keyHash) else { return .init(key: nil) }
            return .init(key: try await knownKeys.apiKey(hash: hash))
        }
        platform.requests.answer(ListSigningKeys.self) { _, _ in .init(jwks: try await keys.keys(fresh: true).jwks) }

        let limits = RateLimitStore(postgres: postgres, rule: BlockRule(platform.configuration))
        platform.rateLimitReporter.use(limits)
        platform.endpointLimits.addAuth()
        let stored = StoredConfiguration(postgres: postgres, limits: limits)
        platform.configuration.use(stored)
        platform.requests.answer(ListConfiguration.self) { _, _ in try await stored.configuration() }

        let router = platform.router()
        RegistrationRoutes(users: users, hasher: hasher, limits: platform.endpointLimits).add(to: router)
        let signInRoutes = SignInRoutes(
            signIns: signIns, refreshTokens: RefreshStore(postgres: postgres), sessions: sessions, challenges: challenges, cache: cache,
            issuer: TokenIssuer(keys: keys), hasher: hasher, limits: platform.endpointLimits)
        signInRoutes.add(to: router)
        ChallengeRoutes(challenges: challenges, signIns: signInRoutes).add(to: router)
        FactorRoutes(factors: factors, signIns: signInRoutes, cache: cache).add(to: router)
        let passkeys = PasskeyStore(postgres: postgres, proofs: proofs, factors: factors)
        PasskeyRoutes(passkeys: passkeys, signIns: signInRoutes).add(to: router)
        let clients = configuration.providers.map { ($0.name, OAuthClient($0, redirectURL: configuration.oauthRedirectURL)) }
        let oauth = OAuthStore(postgres: postgres, encryption: platform.encryption, mail: mail)
        OAuthRoutes(clients: Dictionary(clients) { $1 }, store: oauth, signIns: signInRoutes).add(to: router)
        let passwords = PasswordRoutes(
            passwords: PasswordStore(postgres: postgres, mail: mail), signIns: signIns, cache: cache, hasher: hasher,
            limits: platform.endpointLimits)
        passwords.add(to: router)
        LinkPageRoutes(users: users, passwords: passwords).add(to: router)
        SessionRoutes(sessions: sessions, cache: cache).add(to: router)
        UserRoutes(users: users, signIns: signIns, cache: cache, hasher: hasher).add(to: router)
        let avatars = AvatarStore(postgres: postgres)
        AvatarRoutes(avatars: avatars, publicURL: configuration.publicURL).add(to: router)
        EmailChangeRoutes(
            changes: EmailChangeStore(postgres: postgres, mail: mail), signIns: signIns, cache: cache, hasher: hasher,
            limits: platform.endpointLimits
        ).add(to: router)
        ConsentRoutes(consents: ConsentStore(postgres: postgres)).add(to: router)
        UserAdministrationRoutes(users: UserAdministrationStore(postgres: postgres), cache: cache).add(to: router)
        DataExportRoutes(exports: DataExportStore(postgres: postgres)).add(to: router)
        ErasureRoutes(erasures: ErasureStore(postgres: postgres)).add(to: router)
        AgencyRoutes(agencies: AgencyStore(postgres: postgres), sessions: cache, cache: platform.cache).add(to: router)
        MemberRoutes(members: MemberStore(postgres: postgres), sessions: cache).add(to: router)
        InvitationRoutes(
            invitations: InvitationStore(postgres: postgres, mail: mail, limits: platform.endpointLimits),
            answers: InvitationAnswerStore(postgres: postgres), sessions: cache
        ).add(to: router)
        TeamRoutes(teams: TeamStore(postgres: postgres)).add(to: router)
        APIKeyRoutes(keys: apiKeys, authenticator: platform.authenticator).add(to: router)
        let actions = ModeratorActionStore(postgres: postgres, mail: mail)
        let reportsPerDay = platform.configuration.live(ConfigurationKey("moderation.reports_per_day"), default: NewReport.mostPerDay)
        ReportRoutes(reports: ReportStore(postgres: postgres, mostPerDay: reportsPerDay)).add(to: router)
        ModeratorActionRoutes(actions: actions, sessions: cache).add(to: router)
        KeyRoutes(keys: keys).add(to: router)
        SettingRoutes(
            settings: SettingStore(postgres: postgres, encryption: platform.encryption), configuration: platform.configuration
        ).add(to: router)
        FeatureFlagRoutes(flags: FeatureFlagStore(postgres: postgres), configuration: platform.configuration).add(to: router)

        RateLimitRoutes(limits: limits, configuration: platform.configuration).add(to: router)
        AuthConsumer(actions: actions, limits: limits).listen(on: platform.consumer)
        let collector = ExportCollector(
            store: ExportCollectionStore(postgres: postgres, mail: mail), requests: platform.requests,
            own: PersonalDataDesk(AuthPersonalData(avatars: avatars), postgres: postgres), signals: { postgres.signals(DataExportStore.signal) },
            logger: platform.logger)
        let expiry = ModerationExpiry(actions: actions, sessions: cache, pause: configuration.expiryPause, logger: platform.logger)
        let sweeper = AccountSweeper(store: AccountSweepStore(postgres: postgres), logger: platform.logger)

        return Assembly(
            router: router, consumer: platform.consumer, broadcasts: platform.broadcasts, requests: platform.requests,
            jobs: [
                keys, keyUses, expiry, FactorSweeper(factors: factors, logger: platform.logger),
                RateLimitCleaner(limits: limits, logger: platform.logger), sweeper, collector,
            ],
            caches: ["session:", "agency:"])
    }
}
