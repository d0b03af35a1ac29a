import Hummingbird
import NIOCore
import ServiceLifecycle
import Synchronization

/// A service that runs inside another process, on ports that the system chooses: what tests stand on.
public struct ServiceProcess<Hearth: HearthService>: Sendable {
    private let platform: Platform

    public init(_ platform: Platform) {
        self.platform = platform
    }

    /// Builds and runs the service beside `body`, which gets the URLs of the HTTP and the admin server, and then stops it as SIGTERM would.
    public func run<Result: Sendable>(
        _ body: @Sendable @escaping (_ url: String, _ adminURL: String) async throws -> Result
    ) async throws -> Result {
        let running = RunningService<Hearth>(
            platform: platform, assembly: try await Hearth.build(platform), http: .hostname("127.0.0.1", port: 0),
            admin: .hostname("127.0.0.1", port: 0))
        let (http, httpBound) = AsyncStream<Int>.makeStream()
        let (admin, adminBound) = AsyncStream<Int>.makeStream()
        let group = running.group {
            httpBound.yield($0.localAddress?.port ?? 0)
        } onAdmin: {
            adminBound.yield($0.localAddress?.port ?? 0)
        }
        return try await withThrowingTaskGroup(of: Result?.self) { tasks in
            tasks.addTask {
                defer {
                    httpBound.finish()
                    adminBound.finish()
                }
                try await group.run()
                return nil
            }
            tasks.addTask {
                guard let port = await http.first(where: { _ in true }), let adminPort = await admin.first(where: { _ in true }) else {
                    throw CancellationError()
                }
                let result = try await body("http://127.0.0.1:\(port)", "http://127.0.0.1:\(adminPort)")
                await group.triggerGracefulShutdown()
                return result
            }
            var result: Result?
            while let next = try await tasks.next() { result = next ?? result }
            guard let result else { throw CancellationError() }
            return result
        }
    }
}
