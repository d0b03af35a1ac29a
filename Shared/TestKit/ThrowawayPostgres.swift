import Foundation
import Postgres
import Synchronization

/// A PostgreSQL server of one test's own, which the test may kill and start again. It takes two seconds to make: use it sparingly.
public final class ThrowawayPostgres: Sendable {
    private let port: Int
    private let folder: URL
    private let process = Mutex<Process?>(nil)

    /// Connects as its superuser.
    public var url: String { "postgres://postgres@127.0.0.1:\(port)/postgres" }

    /// Makes and starts a server, runs `body`, kills the server and forgets its data.
    public static func with<Result: Sendable>(_ body: (ThrowawayPostgres) async throws -> Result) async throws -> Result {
        let server = try ThrowawayPostgres()
        defer { server.remove() }
        try await server.initialize()
        try await server.start()
        return try await body(server)
    }

    private init() throws {
        port = try Loopback.freePort()
        folder = FileManager.default.temporaryDirectory.appending(path: "hearth-postgres-\(UUID().uuidString.prefix(8).lowercased())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        if Self.isRoot { try FileManager.default.setAttributes([.ownerAccountName: "postgres"], ofItemAtPath: folder.path) }
    }

    private func initialize() async throws {
        let initdb = command("initdb", ["-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync", "-D", data])
        let status = try await withCheckedThrowingContinuation { continuation in
            initdb.terminationHandler = { continuation.resume(returning: $0.terminationStatus) }
            do { try initdb.run() } catch { continuation.resume(throwing: error) }
        }
        guard status == 0 else { throw CocoaError(.executableLoad) }
    }

    /// Starts it on its old data and its old port, and returns once it answers.
    public func start() async throws {
        let deadline = ContinuousClock.now + .seconds(60)
        while true {
            let process = command(
                "postgres", ["-D", data, "-p", "\(port)", "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=", "-c", "fsync=off"])
            try process.run()
            self.process.withLock { $0 = process }
            while process.isRunning {
                if await answers() { return }
                try await Task.sleep(for: .milliseconds(20))
            }
            // One of its processes may have outlived the kill for a moment, and then holds the old shared memory.
            guard ContinuousClock.now < deadline else { throw CocoaError(.executableLoad) }
        }
    }

    /// SIGKILL to all of its processes: no goodbye to anybody.
    public func kill() {
        guard let process = process.withLock({ $0.take() }) else { return }
        let main = process.processIdentifier
        let workers = (try? String(contentsOfFile: "/proc/\(main)/task/\(main)/children", encoding: .utf8)) ?? ""
        for pid in [main] + workers.split(separator: " ").compactMap({ pid_t($0) }) { Foundation.kill(pid, SIGKILL) }
        process.waitUntilExit()
    }

    private func remove() {
        kill()
        try? FileManager.default.removeItem(at: folder)
    }

    private var data: String { folder.appending(path: "data").path }

    private func answers() async -> Bool {
        let configuration = PostgresConfiguration(url: url)
        return (try? await PostgresSession.with(configuration, logger: TestDatabase.logger) { try await $0.execute("SELECT 1") }) != nil
    }

    /// PostgreSQL refuses to run as root.
    private func command(_ program: String, _ arguments: [String]) -> Process {
        let user = Self.isRoot ? ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] : []
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = user + [Self.programs.map { "\($0)/\(program)" } ?? program] + arguments
        process.currentDirectoryURL = folder
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        return process
    }

    private static var isRoot: Bool { geteuid() == 0 }

    /// Where Debian keeps the newest version's programs, which are not in the PATH there.
    private static var programs: String? {
        let root = "/usr/lib/postgresql"
        let versions = ((try? FileManager.default.contentsOfDirectory(atPath: root)) ?? []).compactMap { Int($0) }
        return versions.max().map { "\(root)/\($0)/bin" }
    }
}
