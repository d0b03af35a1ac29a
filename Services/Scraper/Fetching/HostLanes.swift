import AsyncHTTPClient
import NIOCore
import NIOPosix
import Outbound

/// One lane per host, whatever its ports: a single request at a time, in order of arrival, with a pause after each.
///
/// The lane also keeps the host's client, whose connections go to the address that was checked and to no other. Only the holder of the lane uses it, so
/// it can be replaced when the address changes.
actor HostLanes {
    private struct Lane {
        var isBusy = false
        var waiting: [(id: Int, continuation: CheckedContinuation<Void, any Error>)] = []
        var freeAt = ContinuousClock.now
        var client: HTTPClient?
        var address: IPAddress?
    }

    /// Bytes that any answer is unpacked to; whoever asks may stop sooner.
    private static let mostUnpacked = 32 * 1024 * 1024
    /// Servers whose connections are kept open.
    private static let mostIdle = 64

    private var lanes: [String: Lane] = [:]
    private var nextID = 0
    private let timeout: Duration

    init(timeout: Duration) { self.timeout = timeout }

    func run<Result: Sendable>(
        on server: HostPort, at address: IPAddress, pause: Duration, patience: Duration,
        _ body: @Sendable (HTTPClient) async throws -> (result: Result, pause: Duration)
    ) async throws -> Result {
        let server = server.host
        try await enter(server)
        let freeAt = lanes[server]?.freeAt ?? ContinuousClock.now
        guard freeAt - .now <= patience else {
            leave(server, freeAt: freeAt)
            throw PageProblem.resting(for: freeAt - .now)
        }
        do {
            try await Task.sleep(until: freeAt, clock: .continuous)
        } catch {
            // Nothing was asked of the server, so nobody behind has to wait longer.
            leave(server, freeAt: freeAt)
            throw error
        }
        do {
            let answer = try await body(client(for: server, at: address))
            leave(server, freeAt: .now + answer.pause)
            await closeIdle()
            return answer.result
        } catch {
            leave(server, freeAt: .now + pause)
            throw error
        }
    }

    /// Closes every connection. No request may be under way.
    func shutdown() async {
        let clients = lanes.values.compactMap(\.client)
        lanes = [:]
        for client in clients { try? await client.shutdown() }
    }

    private func enter(_ server: String) async throws {
        guard lanes[server]?.isBusy == true else {
            lanes[server, default: Lane()].isBusy = true
            return
        }
        nextID += 1
        let id = nextID
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
                if Task.isCancelled {
                    continuation.resume(throwing: CancellationError())
                } else {
                    lanes[server]?.waiting.append((id, continuation))
                }
            }
        } onCancel: {
            Task { await self.giveUp(id, server) }
        }
    }

    private func giveUp(_ id: Int, _ server: String) {
        guard let index = lanes[server]?.waiting.firstIndex(where: { $0.id == id }) else { return }
        lanes[server]?.waiting.remove(at: index).continuation.resume(throwing: CancellationError())
    }

    /// Hands the lane to the next in line, or frees it.
    private func leave(_ server: String, freeAt: ContinuousClock.Instant) {
        lanes[server]?.freeAt = freeAt
        if lanes[server]?.waiting.isEmpty == false {
            lanes[server]?.waiting.removeFirst().continuation.resume()
        } else {
            lanes[server]?.isBusy = false
        }
    }

    private func client(for server: String, at address: IPAddress) async -> HTTPClient {
        if let client = lanes[server]?.client, lanes[server]?.address == address { return client }
        let old = lanes[server]?.client
        var configuration = HTTPClient.Configuration(
            redirectConfiguration: .disallow,
            timeout: .init(connect: .nanoseconds(min(timeout, .seconds(10)).nanoseconds), read: .nanoseconds(timeout.nanoseconds)),
            decompression: .enabled(limit: .size(Self.mostUnpacked))
        )
        configuration.dnsOverride = [server: address.description]
        configuration.httpVersion = .http1Only
        let client = HTTPClient(eventLoopGroup: MultiThreadedEventLoopGroup.singleton, configuration: configuration)
        lanes[server]?.client = client
        lanes[server]?.address = address
        try? await old?.shutdown()
        return client
    }

    /// Forgets lanes that nobody uses and whose pause is over, once there are many.
    private func closeIdle() async {
        guard lanes.count > Self.mostIdle else { return }
        // All of them leave before the first shutdown suspends: a lane that somebody takes meanwhile must not be torn down under them.
        let idle = lanes.filter { !$0.value.isBusy && $0.value.freeAt < .now }
        for server in idle.keys { lanes[server] = nil }
        for lane in idle.values { try? await lane.client?.shutdown() }
    }
}

extension Duration {
    var nanoseconds: Int64 { components.seconds * 1_000_000_000 + components.attoseconds / 1_000_000_000 }
}
