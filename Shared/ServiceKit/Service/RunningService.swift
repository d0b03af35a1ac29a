import Hummingbird
import HummingbirdCore
import Logging
import Metrics
import NIOCore
import ServiceLifecycle
import UnixSignals

/// Everything of one service that runs, in one group: clients first, then what hears and works, then the servers. It stops in the opposite
/// order, so that whatever finishes its work still has what it stands on.
struct RunningService<Hearth: HearthService> {
    let platform: Platform
    let http: BindAddress
    let admin: BindAddress
    let metrics: PrometheusMetrics?
    private let exporter: OTLPExporter?
    private let assembly: Assembly
    private let responder: AnyMethodResponder

    init(platform: Platform, assembly: Assembly, http: BindAddress, admin: BindAddress, telemetry: Telemetry? = nil) {
        self.platform = platform
        self.assembly = assembly
        self.http = http
        self.admin = admin
        metrics = telemetry?.metrics
        exporter = telemetry?.exporter
        let router = assembly.router
        OpenAPIRoute(document: Hearth.openAPI, service: Hearth.name).add(to: router)
        router.refuseOtherMethods()
        responder = AnyMethodResponder(router: router.buildResponder())
    }

    /// Everything, ready to run until one of the signals comes or a stop is asked for. The callbacks are told where the servers listen.
    func group(
        stoppingOn signals: [UnixSignal] = [], onHTTP: @escaping @Sendable (any Channel) async -> Void = { _ in },
        onAdmin: @escaping @Sendable (any Channel) async -> Void = { _ in }
    ) -> ServiceGroup {
        var configuration = ServiceGroupConfiguration(
            services: services(onHTTP: onHTTP, onAdmin: onAdmin), gracefulShutdownSignals: signals, logger: platform.logger)
        configuration.maximumGracefulShutdownDuration = platform.shutdownTimeout
        configuration.maximumCancellationDuration = .seconds(5)
        return ServiceGroup(configuration: configuration)
    }

    private func services(
        onHTTP: @escaping @Sendable (any Channel) async -> Void, onAdmin: @escaping @Sendable (any Channel) async -> Void
    ) -> [any Service] {
        let readiness = Readiness.of(platform)
        var services: [any Service] = []
        if let exporter { services.append(exporter) }
        services += [platform.postgres, platform.redis, platform.broker, platform.requests, platform.outboxRelay, platform.listener]
        services.append(platform.idempotency)
        if !assembly.caches.isEmpty {
            services.append(CacheFreshness(listener: platform.listener, cache: platform.cache, families: assembly.caches))
        }
        if let consumer = assembly.consumer { services.append(consumer) }
        services += [platform.broadcasts, platform.authenticator, platform.configuration, platform.rateLimitReporter]
        services += assembly.jobs
        // The admin server outlives the HTTP server, so that a stop that takes its time can be watched.
        services.append(AdminServer(readiness: readiness, metrics: metrics).application(admin, logger: platform.logger, onRunning: onAdmin))
        services.append(server(onHTTP, readiness))
        return services
    }

    private func server(_ onRunning: @escaping @Sendable (any Channel) async -> Void, _ readiness: Readiness) -> any Service {
        let limits = platform.connectionLimits
        return Application(
            responder: responder,
            server: .http1(
                configuration: .init(
                    additionalChannelHandlers: [ConnectionGuard(limits)], idleTimeout: limits.idle,
                    httpDecoderConfiguration: .init(
                        maxHeaderFieldSize: limits.headerField, maxHeaderListSize: limits.headerList, maxHeaderFieldCount: limits.headerFields))),
            configuration: .init(
                address: http, backlog: 1024, availableConnectionsDelegate: MaximumAvailableConnections(platform.maximumConnections)),
            services: [StopWatcher(readiness: readiness)],
            onServerRunning: { channel in
                readiness.isServing = true
                await onRunning(channel)
            },
            logger: platform.logger)
    }
}
