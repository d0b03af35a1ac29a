import Foundation
import Redis
import Synchronization

/// A `redis-server` of one test, on a port of its own, without persistence.
public final class TestRedisServer: Sendable {
    public let port: Int
    private let arguments: [String]
    private let folder: URL
    private let process = Mutex<Process?>(nil)

    public var url: String { "redis://127.0.0.1:\(port)" }
    /// The same server by its socket.
    public var socketURL: String { "unix://\(folder.path)/redis.sock" }

    init(_ arguments: [String]) throws {
        self.arguments = arguments
        port = try Loopback.freePort()
        folder = FileManager.default.temporaryDirectory.appending(path: "hearth-redis-\(UUID().uuidString.prefix(8).lowercased())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    /// Starts it, empty, on the same port as before, and waits until its port is open.
    public func start() async throws {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments =
            [
                "redis-server", "--port", "\(port)", "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", folder.path,
                "--unixsocket", "\(folder.path)/redis.sock", "--enable-debug-command", "yes",
            ] + arguments
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        self.process.withLock { $0 = process }
        while !Loopback.isOpen(port) {
            guard process.isRunning else { throw RedisError.unavailable }
            try await Task.sleep(for: .milliseconds(5))
        }
    }

    /// Ends it at once, as a crash would, and waits until it is gone.
    public func kill() {
        guard let process = process.withLock({ $0.take() }) else { return }
        Foundation.kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }

    func remove() {
        kill()
        try? FileManager.default.removeItem(at: folder)
    }
}
