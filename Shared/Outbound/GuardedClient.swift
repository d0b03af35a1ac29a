import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix

/// Posts to addresses that strangers have named: never to one that is not public, over a connection to the very address that was checked, without following
/// redirects, and with limits on time and on what is read of the answer.
public struct GuardedClient: Sendable {
    /// What came back.
    public struct Answer: Sendable {
        public var status: Int
        public var headers: HTTPHeaders
        /// At most so much as the client reads.
        public var body: String
    }

    private let addresses: AddressGuard
    private let timeout: Duration
    private let mostBytes: Int

    /// `timeout` is for the whole exchange; of a longer answer than `mostBytes` the rest is not read.
    public init(addresses: AddressGuard, timeout: Duration = .seconds(10), mostBytes: Int = 16 * 1024) {
        self.addresses = addresses
        self.timeout = timeout
        self.mostBytes = mostBytes
    }

    /// - Throws: ``AddressRefused`` when the server may not be asked, ``OutOfTime``, and what the connection fails with.
    public func post(_ url: URL, headers: HTTPHeaders, body: [UInt8]) async throws -> Answer {
        guard let server = HostPort(url), url.user() == nil, let url = url.spelled(as: server) else {
            throw AddressRefused("only http and https addresses are asked")
        }
        guard url.scheme?.lowercased() == "https" || addresses.allowed.contains(server) else { throw AddressRefused("only https is spoken") }
        var request = HTTPClientRequest(url: url.absoluteString)
        request.method = .POST
        request.headers = headers
        request.body = .bytes(ByteBuffer(bytes: body))
        let asked = request
        return try await within(timeout) {
            let address = try await addresses.address(of: server)
            let client = client(server, at: address)
            do {
                let answer = try await exchange(asked, client)
                try? await client.shutdown()
                return answer
            } catch {
                try? await client.shutdown()
                throw error
            }
        }
    }

    private func exchange(_ request: HTTPClientRequest, _ client: HTTPClient) async throws -> Answer {
        let response = try await client.execute(request, timeout: .nanoseconds(Int64(timeout / .nanoseconds(1))))
        var bytes: [UInt8] = []
        for try await chunk in response.body {
            bytes += chunk.readableBytesView.prefix(mostBytes - bytes.count)
            if bytes.count >= mostBytes { break }
        }
        return Answer(status: Int(response.status.code), headers: response.headers, body: String(decoding: bytes, as: UTF8.self))
    }

    private func client(_ server: HostPort, at address: IPAddress) -> HTTPClient {
        let limit = TimeAmount.nanoseconds(Int64(timeout / .nanoseconds(1)))
        var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow, timeout: .init(connect: limit, read: limit))
        configuration.dnsOverride = [server.host: address.description]
        configuration.httpVersion = .http1Only
        return HTTPClient(eventLoopGroup: MultiThreadedEventLoopGroup.singleton, configuration: configuration)
    }

    private func within<Result: Sendable>(_ limit: Duration, _ body: @escaping @Sendable () async throws -> Result) async throws -> Result {
        try await withThrowingTaskGroup(of: Result.self) { group in
            group.addTask(operation: body)
            group.addTask {
                try await Task.sleep(for: limit)
                throw OutOfTime()
            }
            defer { group.cancelAll() }
            guard let result = try await group.next() else { throw CancellationError() }
            return result
        }
    }
}
