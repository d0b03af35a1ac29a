import Contracts
import Foundation
import Hummingbird
import Logging
import ServiceLifecycle
import Tracing

/// One of the seven. The `@main` type conforms; `main()` reads the settings, makes the platform's clients, calls `build`, and runs everything in one
/// service group that stops cleanly. Tests call `build` with clients of their own.
public protocol HearthService: Sendable {
    static var name: ServiceName { get }
    /// The OpenAPI 3.1 document (`PackageResources.openapi_json`), served at `GET /v1/<service>/openapi.json`.
    static var openAPI: [UInt8] { get }
    static func build(_ platform: Platform) async throws -> Assembly
}

extension HearthService {
    /// Runs until SIGTERM or SIGINT, then lets what is in flight finish within `SHUTDOWN_TIMEOUT` (20 s). A setting that is missing or makes
    /// no sense ends the process with exit code 78 and one line on the standard error that names it.
    public static func main() async throws {
        do {
            try await run(try Settings.environment())
        } catch let error as SettingError {
            FileHandle.standardError.write(Data("hearth-\(name.rawValue): \(error)\n".utf8))
            exit(EX_CONFIG)
        }
    }

    private static func run(_ settings: Settings) async throws {
        let telemetry = try Telemetry.bootstrap(service: name, settings: settings)
        let logger = Logger(label: "hearth.\(name.rawValue)")
        let platform = try Platform(service: name, settings: settings, logger: logger, tracer: telemetry.tracer)
        let running = RunningService<Self>(
            platform: platform, assembly: try await build(platform), http: try .setting("HTTP", settings),
            admin: try .setting("ADMIN", settings), telemetry: telemetry)
        try await running.group(stoppingOn: [.sigterm, .sigint]).run()
    }
}

extension BindAddress {
    /// `<PREFIX>_HOST` (127.0.0.1 by default) and `<PREFIX>_PORT`, which must be there.
    static func setting(_ prefix: String, _ settings: Settings) throws -> BindAddress {
        let name = prefix + "_PORT"
        let text = try settings.string(name)
        guard let port = Int(text), (0...65535).contains(port) else { throw SettingError(name, "is \"\(text)\", which is not a port") }
        return .hostname(settings.string(prefix + "_HOST", default: "127.0.0.1"), port: port)
    }
}
