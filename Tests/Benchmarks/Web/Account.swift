import AsyncHTTPClient
import Foundation
import NIOCore

/// Somebody who signs in through the gateway.
struct Account {
    let gateway: String

    private struct Registration: Encodable {
        var email: String
        var password: String
    }

    private struct SignIn: Decodable {
        var accessToken: String
        enum CodingKeys: String, CodingKey { case accessToken = "access_token" }
    }

    /// Opens an account and gives its access token.
    func accessToken() async throws -> String {
        let body = try JSONEncoder().encode(
            Registration(email: "bench-\(UUID().uuidString.lowercased())@hearth.example", password: "a long passphrase \(UUID().uuidString)"))
        _ = try await post("/v1/auth/register", body)
        return try JSONDecoder().decode(SignIn.self, from: try await post("/v1/auth/login", body)).accessToken
    }

    private func post(_ path: String, _ body: Data) async throws -> Data {
        var request = HTTPClientRequest(url: gateway + path)
        request.method = .POST
        request.headers.add(name: "Content-Type", value: "application/json")
        request.body = .bytes(body)
        let response = try await HTTPClient.shared.execute(request, timeout: .seconds(30))
        let answer = try await response.body.collect(upTo: 1 << 20)
        guard response.status.code < 300 else { throw BenchmarkError("\(path) answers \(response.status.code): \(String(buffer: answer))") }
        return Data(answer.readableBytesView)
    }
}
