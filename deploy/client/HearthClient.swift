import AsyncHTTPClient
import Foundation
import NIOCore

/// Hearth as a front end sees it: the gateway's address, and the token of who is signed in.
package struct HearthClient: Sendable {
    package let baseURL: String
    package var token: String?

    package init(baseURL: String, token: String? = nil) {
        self.baseURL = baseURL
        self.token = token
    }

    package func signedIn(_ token: String) -> HearthClient { HearthClient(baseURL: baseURL, token: token) }

    /// Sends one request; every answer is an answer, only a failure to get one throws.
    package func send(
        _ method: String, _ path: String, body: [UInt8]? = nil, headers: [String: String] = [:], timeout: Duration = .seconds(30)
    ) async throws -> Reply {
        var request = HTTPClientRequest(url: baseURL + path)
        request.method = .init(rawValue: method)
        if let token { request.headers.replaceOrAdd(name: "Authorization", value: "Bearer \(token)") }
        for (name, value) in headers { request.headers.replaceOrAdd(name: name, value: value) }
        if let body { request.body = .bytes(ByteBuffer(bytes: body)) }
        do {
            let response = try await HTTPClient.shared.execute(request, timeout: .nanoseconds(Int64(timeout / .nanoseconds(1))))
            let content = try await response.body.collect(upTo: 16 << 20)
            let headers = Dictionary(response.headers.map { ($0.name.lowercased(), $0.value) }) { "\($0), \($1)" }
            return Reply(status: Int(response.status.code), headers: headers, body: Array(content.readableBytesView))
        } catch let error as HTTPClientError {
            throw StepFailure("\(method) \(baseURL)\(path) got no answer: \(error).")
        }
    }

    package func send(_ method: String, _ path: String, json: JSON, headers: [String: String] = [:]) async throws -> Reply {
        let body = try Array(JSONEncoder().encode(json))
        return try await send(method, path, body: body, headers: headers.merging(["Content-Type": "application/json"]) { $1 })
    }

    /// The answer's JSON, when its status is the expected one.
    package func get(_ path: String) async throws -> JSON {
        try await send("GET", path).expecting(200, "GET \(path)")
    }

    package func post(_ path: String, _ json: JSON, expecting status: Int = 200) async throws -> JSON {
        try await send("POST", path, json: json).expecting(status, "POST \(path)")
    }
}

extension Reply {
    package func expecting(_ status: Int, _ what: String) throws -> JSON {
        guard self.status == status else { throw StepFailure("\(what) answered \(self.status) and not \(status): \(reason)") }
        return json
    }
}
