import AsyncHTTPClient
import Contracts
import Foundation
import Hummingbird
import Logging
import Messaging
import NIOCore
import NIOHTTP1
import Postgres
import Provisioning
import Redis
import ServiceKit

/// A service as it runs: built by its very `build`, on ports of its own, with a database that has its roles, schema and migrations, a vhost and a
/// Redis of its own.
///
///     try await TestService.with(CatalogService.self) { service in
///         let caller = Caller.test()
///         let created = try await service.post("/v1/listings", body, as: caller)
///     }
public struct TestService: Sendable {
    public let platform: Platform
    public let identity: TestIdentity
    /// What the service is told of the platform's configuration; `auth` has its own.
    public let configuration: TestConfiguration
    /// The vhost, for a test that looks into queues or speaks as another service.
    public let broker: TestBroker
    /// The administrator's URL of the database, for a test that looks past row-level security.
    public let adminDatabaseURL: String
    /// `http://127.0.0.1:PORT`
    public let url: String
    /// `http://127.0.0.1:PORT` of `/healthz`, `/readyz`, `/metrics`.
    public let adminURL: String

    /// Runs `body` beside the service, and stops the service as SIGTERM does. A few services run at once; further tests wait for a slot.
    public static func with<Hearth: HearthService, Result: Sendable>(
        _ service: Hearth.Type, settings: [String: String] = [:], _ body: @Sendable @escaping (TestService) async throws -> Result
    ) async throws -> Result {
        try await TestSlots.services.with { try await start(service, settings: settings, body) }
    }

    private static func start<Hearth: HearthService, Result: Sendable>(
        _ service: Hearth.Type, settings: [String: String], _ body: @Sendable @escaping (TestService) async throws -> Result
    ) async throws -> Result {
        let logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
        let database = try TestSchema(logger: logger)
        return try await database.with(Hearth.name) { databaseURL, adminDatabaseURL in
            try await TestBroker.with { broker in
                try await TestRedis.withDatabase { redisURL in
                    let environment = [
                        "DATABASE_URL": databaseURL, "REDIS_URL": redisURL, "AMQP_URL": broker.url(Hearth.name), "DATABASE_POOL_SIZE": "4",
                        "ENCRYPTION_KEYS": "test:" + Data(repeating: 7, count: 32).base64EncodedString(),
                        "PUBLIC_URL": "http://hearth.test", "SHUTDOWN_TIMEOUT": "5s",
                    ].merging(settings) { _, given in given }
                    let platform = try Platform(service: Hearth.name, settings: Settings(environment), logger: logger)
                    let identity = TestIdentity(redis: platform.redis)
                    platform.authenticator.use(keys: identity, sessions: identity, apiKeys: identity)
                    let configuration = TestConfiguration()
                    platform.configuration.use(configuration)
                    return try await ServiceProcess<Hearth>(platform).run { url, adminURL in
                        let running = TestService(
                            platform: platform, identity: identity, configuration: configuration, broker: broker, adminDatabaseURL: adminDatabaseURL,
                            url: url,
                            adminURL: adminURL)
                        try await running.waitUntilReady()
                        return try await body(running)
                    }
                }
            }
        }
    }

    private func waitUntilReady() async throws {
        let deadline = ContinuousClock.now + .seconds(60)
        while try await send(.GET, adminURL + "/readyz").text.contains("\"down\"") {
            guard ContinuousClock.now < deadline else { throw TestServiceError.notReady(try await send(.GET, adminURL + "/readyz").text) }
            try await Task.sleep(for: .milliseconds(10))
        }
    }

    public func get(_ path: String, as caller: Caller? = nil, headers: HTTPHeaders = [:]) async throws -> TestResponse {
        try await request(.GET, path, as: caller, headers: headers)
    }

    public func post(_ path: String, _ body: some Encodable, as caller: Caller? = nil, headers: HTTPHeaders = [:]) async throws -> TestResponse {
        try await request(.POST, path, json: body, as: caller, headers: headers)
    }

    public func put(_ path: String, _ body: some Encodable, as caller: Caller? = nil, headers: HTTPHeaders = [:]) async throws -> TestResponse {
        try await request(.PUT, path, json: body, as: caller, headers: headers)
    }

    public func patch(_ path: String, _ body: some Encodable, as caller: Caller? = nil, headers: HTTPHeaders = [:]) async throws -> TestResponse {
        try await request(.PATCH, path, json: body, as: caller, headers: headers)
    }

    public func delete(_ path: String, as caller: Caller? = nil, headers: HTTPHeaders = [:]) async throws -> TestResponse {
        try await request(.DELETE, path, as: caller, headers: headers)
    }

    /// Asks the admin server.
    public func admin(_ path: String) async throws -> TestResponse { try await send(.GET, adminURL + path) }

    /// Any request, its body as it is.
    public func request(
        _ method: HTTPMethod, _ path: String, body: [UInt8]? = nil, as caller: Caller? = nil, headers: HTTPHeaders = [:]
    ) async throws -> TestResponse {
        var headers = headers
        if let caller { headers.replaceOrAdd(name: "Authorization", value: "Bearer " + (try await identity.token(for: caller))) }
        return try await send(method, url + path, body, headers)
    }

    private func request(
        _ method: HTTPMethod, _ path: String, json: some Encodable, as caller: Caller?, headers: HTTPHeaders
    ) async throws -> TestResponse {
        var headers = headers
        if !headers.contains(name: "Content-Type") { headers.add(name: "Content-Type", value: "application/json") }
        return try await request(method, path, body: Array(try JSONEncoder.hearth.encode(json)), as: caller, headers: headers)
    }

    private func send(
        _ method: HTTPMethod, _ url: String, _ body: [UInt8]? = nil, _ headers: HTTPHeaders = [:]
    ) async throws -> TestResponse {
        var request = HTTPClientRequest(url: url)
        request.method = method
        request.headers = headers
        request.body = body.map { .bytes(ByteBuffer(bytes: $0)) }
        let response = try await HTTPClient.shared.execute(request, timeout: .seconds(30))
        let bytes = try await response.body.collect(upTo: 64 << 20)
        return TestResponse(status: Int(response.status.code), headers: response.headers, body: Array(bytes.readableBytesView))
    }
}

/// The service did not become ready.
public enum TestServiceError: Error {
    case notReady(String)
}
