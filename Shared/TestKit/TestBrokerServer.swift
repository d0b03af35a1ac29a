import Foundation

/// A RabbitMQ node of one test's own, which the test may kill and start again. It takes about eight seconds to start: use it sparingly.
public final class TestBrokerServer: Sendable {
    private let home: URL
    private let ports: (amqp: Int, distribution: Int, epmd: Int, management: Int)

    public var url: String { "amqp://guest:guest@127.0.0.1:\(ports.amqp)" }
    public var managementURL: String { "http://guest:guest@127.0.0.1:\(ports.management)" }

    /// Starts a node, runs `body`, kills the node and forgets its data.
    public static func with<Result: Sendable>(_ body: (TestBrokerServer) async throws -> Result) async throws -> Result {
        let server = try TestBrokerServer()
        defer { server.remove() }
        try await server.start()
        return try await body(server)
    }

    private init() throws {
        // Below the range from which the system takes ports for outgoing connections: one of those could stand where the node wants to listen.
        let bases = (0..<50).map { _ in Int.random(in: 18_500..<24_000) }
        let free = bases.first { base in (base..<base + 4).allSatisfy { !Loopback.isOpen($0) } }
        guard let base = free else { throw CocoaError(.executableLoad) }
        ports = (base, base + 1, base + 2, base + 3)
        home = FileManager.default.temporaryDirectory.appendingPathComponent("hearth-rabbit-\(base)")
        try FileManager.default.createDirectory(at: home, withIntermediateDirectories: true)
        try "[rabbitmq_management].\n".write(to: home.appendingPathComponent("plugins"), atomically: true, encoding: .utf8)
        try "management.tcp.port = \(ports.management)\nmanagement.tcp.ip = 127.0.0.1\n"
            .write(to: home.appendingPathComponent("rabbitmq.conf"), atomically: true, encoding: .utf8)
        let cookie = home.appendingPathComponent(".erlang.cookie")
        try UUID().uuidString.write(to: cookie, atomically: true, encoding: .utf8)
        try FileManager.default.setAttributes([.posixPermissions: 0o400], ofItemAtPath: cookie.path)
    }

    /// Starts the node on its old data, and returns once its management API answers.
    public func start() async throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/lib/rabbitmq/bin/rabbitmq-server")
        process.environment = environment
        process.currentDirectoryURL = home
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        let deadline = ContinuousClock.now + .seconds(120)
        while !Loopback.isOpen(ports.management) || !Loopback.isOpen(ports.amqp) {
            guard ContinuousClock.now < deadline else { throw CocoaError(.executableLoad) }
            try await Task.sleep(for: .milliseconds(100))
        }
    }

    /// SIGKILL: no goodbye to anybody.
    public func kill() async throws {
        for number in ((try? String(contentsOf: pidFile, encoding: .utf8)) ?? "").split(whereSeparator: \.isWhitespace) {
            if let pid = pid_t(number) { Foundation.kill(pid, SIGKILL) }
        }
        while Loopback.isOpen(ports.amqp) { try await Task.sleep(for: .milliseconds(20)) }
    }

    private var pidFile: URL { home.appendingPathComponent("pid") }

    private func remove() {
        let pid = (try? String(contentsOf: pidFile, encoding: .utf8)).flatMap { pid_t($0.trimmingCharacters(in: .whitespacesAndNewlines)) }
        if let pid { Foundation.kill(pid, SIGKILL) }
        stopEPMD()
        try? FileManager.default.removeItem(at: home)
    }

    /// The node's own port mapper would outlive it. It refuses to go until it has noticed that the node is gone.
    private func stopEPMD() {
        for _ in 0..<50 where Loopback.isOpen(ports.epmd) {
            let process = Process()
            process.executableURL = URL(fileURLWithPath: "/usr/bin/epmd")
            process.arguments = ["-port", String(ports.epmd), "-kill"]
            process.standardOutput = FileHandle.nullDevice
            process.standardError = FileHandle.nullDevice
            if (try? process.run()) != nil { process.waitUntilExit() }
            usleep(50_000)
        }
    }

    private var environment: [String: String] {
        func path(_ name: String) -> String { home.appendingPathComponent(name).path }
        return [
            "HOME": home.path, "PATH": "/usr/bin:/bin:/usr/sbin:/sbin", "LANG": "C.UTF-8", "ERL_EPMD_PORT": "\(ports.epmd)",
            "ERL_EPMD_ADDRESS": "127.0.0.1", "RABBITMQ_NODENAME": "t\(ports.amqp)@localhost", "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
            "RABBITMQ_NODE_PORT": "\(ports.amqp)", "RABBITMQ_DIST_PORT": "\(ports.distribution)", "RABBITMQ_MNESIA_BASE": path("data"),
            "RABBITMQ_LOG_BASE": path("log"), "RABBITMQ_PID_FILE": pidFile.path, "RABBITMQ_CONFIG_FILE": path("rabbitmq.conf"),
            "RABBITMQ_CONF_ENV_FILE": path("none"), "RABBITMQ_ENABLED_PLUGINS_FILE": path("plugins"),
            "RABBITMQ_GENERATED_CONFIG_DIR": path("config"), "RABBITMQ_SCHEMA_DIR": path("schema"),
        ]
    }
}
