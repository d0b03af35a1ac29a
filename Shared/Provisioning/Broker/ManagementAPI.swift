import AsyncHTTPClient
import Foundation
import Logging

/// RabbitMQ's management API, as far as provisioning and `hearthctl` need it.
public struct ManagementAPI: Sendable {
    private let base: String
    private let authorization: String

    /// - Parameter url: `http://user:password@host:port`.
    /// - Throws: `ProvisioningError` when it is not such a URL.
    public init(url: String) throws {
        guard var parts = URLComponents(string: url), parts.scheme?.hasPrefix("http") == true, let user = parts.user else {
            throw ProvisioningError("RabbitMQ's management URL must look like http://user:password@host:15672.")
        }
        authorization = "Basic " + Data("\(user):\(parts.password ?? "")".utf8).base64EncodedString()
        parts.user = nil
        parts.password = nil
        while parts.path.hasSuffix("/") { parts.path.removeLast() }
        base = parts.string ?? url
    }

    /// Sends a request and returns the answer's body.
    /// - Parameters:
    ///   - method: `GET`, `PUT`, `POST` or `DELETE`.
    ///   - path: its parts, escaped here: a vhost may be called `/`.
    /// - Throws: `ProvisioningError` when the broker cannot be reached or answers with anything but 2xx. A `DELETE` of what is not there succeeds.
    @discardableResult
    public func send(_ method: String, _ path: [String], body: (some Encodable)? = Optional<String>.none) async throws -> Data {
        let escaped = path.map { $0.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? $0 }
        let url = "\(base)/api/\(escaped.joined(separator: "/"))"
        var request = HTTPClientRequest(url: url)
        request.method = .init(rawValue: method)
        request.headers.add(name: "authorization", value: authorization)
        // A long list of queues packs so well that the client would take it for a bomb.
        request.headers.add(name: "accept-encoding", value: "identity")
        if let body {
            request.headers.add(name: "content-type", value: "application/json")
            request.body = .bytes(Array(try JSONEncoder().encode(body)))
        }
        let answer: HTTPClientResponse
        let content: Data
        do {
            answer = try await HTTPClient.shared.execute(request, timeout: .seconds(10))
            content = Data(try await answer.body.collect(upTo: 64 << 20).readableBytesView)
        } catch {
            throw ProvisioningError(
                "RabbitMQ's management API at \(base) cannot be reached (\(error)). Is the broker running, with rabbitmq_management enabled?")
        }
        guard (200..<300).contains(answer.status.code) || (method == "DELETE" && answer.status == .notFound) else {
            let text = String(decoding: content.prefix(500), as: UTF8.self)
            throw ProvisioningError("RabbitMQ answered \(answer.status.code) to \(method) \(url): \(text)")
        }
        return content
    }
}
