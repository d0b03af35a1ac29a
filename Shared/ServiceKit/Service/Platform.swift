import Contracts
import Hummingbird
import Logging
import Messaging
import Metrics
import Postgres
import Redis
import ServiceLifecycle

/// The clients that every service stands on, made once in `main` (or by a test) and handed downwards.
public struct Platform: Sendable {
    public let service: ServiceName
    /// The environment, `NAME_FILE` resolved; a service reads its own settings from it once, in its configuration type.
    public let settings: Settings
    public let logger: Logger
    public let postgres: Postgres
    /// What `postgres` was made from, for what needs a connection of its own.
    public let postgresConfiguration: PostgresConfiguration
    public let redis: Redis
    public let cache: Cache
    public let broker: Broker
    public let consumer: Consumer
    public let broadcasts: Broadcasts
    public let requests: Requests
    public let outboxRelay: OutboxRelay
    /// Hears `NOTIFY cache_invalidate` on the direct connection.
    public let listener: PostgresListener
    public let authenticator: Authenticator
    public let rateLimiter: RateLimiter
    /// Classes of endpoints with tighter limits; a service adds its own in `build`.
    public let endpointLimits: EndpointLimits
    /// Tells `auth` how often who asked.
    public let rateLimitReporter: RateLimitReporter
    public let idempotency: Idempotency
    public let encryption: Encryption
    /// Settings that change while the process runs, and feature flags.
    public let configuration: Configuration
    /// How long a stop may take before what still runs is cancelled.
    public let shutdownTimeout: Duration
    let connectionLimits: ConnectionLimits
    /// Connections of clients at once; further ones wait in the kernel.
    let maximumConnections: Int
    let rateLimits: RateLimitMiddleware
    let addresses: ClientAddress
    let metrics: RequestMetrics
    let tracer: OTLPTracer?

    /// Makes the clients; nothing connects before its `run()`. Throws `SettingError` naming what is missing or makes no sense.
    public init(service: ServiceName, settings: Settings, logger: Logger) throws {
        try self.init(service: service, settings: settings, logger: logger, tracer: nil)
    }

    init(service: ServiceName, settings: Settings, logger: Logger, tracer: OTLPTracer?) throws {
        self.service = service
        self.settings = settings
        self.logger = logger
        self.tracer = tracer
        let name = service.rawValue
        postgresConfiguration = try Self.postgresConfiguration(service, settings)
        postgres = Postgres(postgresConfiguration, logger: logger)
        redis = Redis(RedisConfiguration(url: try settings.secret("REDIS_URL")), logger: logger)
        cache = Cache(redis)
        broker = Broker(BrokerConfiguration(url: try settings.secret("AMQP_URL"), service: name), logger: logger)
        consumer = Consumer(broker, postgres: postgres, service: name, context: ServiceCaller(), logger: logger)
        broadcasts = Broadcasts(broker, service: name, logger: logger)
        requests = Requests(broker, service: name, logger: logger)
        outboxRelay = OutboxRelay(
            postgres: postgres, configuration: postgresConfiguration, broker: broker, service: name, logger: logger)
        listener = PostgresListener(postgresConfiguration, channels: ["cache_invalidate"], logger: logger)
        authenticator = Authenticator(
            redis: redis, broker: broker, broadcasts: broadcasts, requests: requests, logger: logger)
        authenticator.listen()
        encryption = try Encryption(keys: settings.secret("ENCRYPTION_KEYS"))
        configuration = Configuration(
            source: RemoteConfiguration(requests: requests), broker: broker, broadcasts: broadcasts, encryption: encryption, logger: logger)
        configuration.listen()
        rateLimiter = RateLimiter(redis)
        endpointLimits = try EndpointLimits(rateLimiter, settings: settings, configuration: configuration)
        rateLimitReporter = RateLimitReporter(
            rateLimiter, sink: OutboxRateLimitSink(postgres: postgres),
            every: try settings.duration("RATE_LIMIT_REPORT_PAUSE", default: .seconds(10)),
            share: configuration.live(ConfigurationKey("rate_limits.reported_share"), default: 0.1), logger: logger)
        let blocks = RateLimitBlocks()
        blocks.listen(on: broadcasts)
        configuration.onBlocks(blocks.replace(with:))
        rateLimits = try RateLimitMiddleware(
            rateLimiter, settings: settings, configuration: configuration, endpoints: endpointLimits, blocks: blocks)
        idempotency = Idempotency(postgres, encryption: encryption, logger: logger)
        shutdownTimeout = try settings.duration("SHUTDOWN_TIMEOUT", default: .seconds(20))
        addresses = try ClientAddress(
            trustedProxies: settings.list("TRUSTED_PROXIES", default: ClientAddress.standardProxies),
            countryHeader: settings.string("CLIENT_COUNTRY_HEADER", default: ""))
        metrics = RequestMetrics()
        connectionLimits = try ConnectionLimits(settings)
        // The rest is for the database, the broker, files and logs: a process that can open nothing more is of no use to those it has let in.
        maximumConnections = min(try settings.int("HTTP_MAX_CONNECTIONS", default: 8192), max(OpenFiles.raiseLimit() - 256, 64))
    }

    /// A router with every middleware in place: request id, trace, log, metrics, problem+json and the caller in one, then rate limits and
    /// idempotency. GET routes answer HEAD too.
    public func router() -> Router<APIContext> {
        let router = Router(context: APIContext.self, options: .autoGenerateHeadEndpoints)
        router.add(
            middleware: RequestPipeline(
                authenticate: authenticator.caller(of:), addresses: addresses, metrics: metrics, tracer: tracer))
        router.add(middleware: rateLimits)
        router.add(middleware: IdempotencyMiddleware(idempotency))
        return router
    }

    private static func postgresConfiguration(_ service: ServiceName, _ settings: Settings) throws -> PostgresConfiguration {
        let url = try settings.secret("DATABASE_URL")
        let direct = settings.string("DATABASE_DIRECT_URL", default: url)
        return PostgresConfiguration(
            url: url, directURL: direct, pooled: try settings.bool("DATABASE_POOLED", default: false),
            maximumConnections: try settings.int("DATABASE_POOL_SIZE", default: 8), schema: service.rawValue,
            applicationName: "hearth-\(service.rawValue)")
    }
}
