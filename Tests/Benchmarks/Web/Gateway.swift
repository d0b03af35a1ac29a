import AsyncHTTPClient
import Foundation
import NIOCore

/// Single requests through the gateway; `wrk` makes the many.
struct Gateway {
    let url: String

    /// The body of the answer. Throws when it is not 2xx.
    func post(_ path: String, _ body: Data = Data(), token: String? = nil) async throws -> Data {
        var request = request(path, token)
        request.method = .POST
        request.headers.add(name: "Content-Type", value: "application/json")
        request.body = .bytes(body)
        let response = try await HTTPClient.shared.execute(request, timeout: .seconds(30))
        let answer = try await response.body.collect(upTo: 1 << 20)
        guard response.status.code < 300 else { throw BenchmarkError("\(path) answers \(response.status.code): \(String(buffer: answer))") }
        return Data(answer.readableBytesView)
    }

    /// The status of the answer.
    func status(of path: String, token: String) async throws -> Int {
        let response = try await HTTPClient.shared.execute(request(path, token), timeout: .seconds(30))
        _ = try await response.body.collect(upTo: 1 << 20)
        return Int(response.status.code)
    }

    private func request(_ path: String, _ token: String?) -> HTTPClientRequest {
        var request = HTTPClientRequest(url: url + path)
        if let token { request.headers.add(name: "Authorization", value: "Bearer \(token)") }
        return request
    }
}
