import AsyncHTTPClient
import Foundation
import NIOCore

/// A provider of text messages over HTTP.
struct SMSProvider: Sendable {
    /// What came of handing a message over.
    enum Answer: Sendable, Equatable {
        case taken(String)
        /// It will never be taken.
        case rejected(String)
        /// Later perhaps.
        case deferred(String)
    }

    private static let timeout: Int64 = 15
    /// How much of an answer is read.
    private static let longestReply = 64 * 1024

    let configuration: SMSConfiguration
    var client: HTTPClient = .shared

    func send(_ id: UUID, to number: String, text: String) async -> Answer {
        var request = HTTPClientRequest(url: configuration.url)
        request.method = .POST
        request.headers.add(name: "Content-Type", value: configuration.contentType)
        // A provider that knows the header sends a message once, however often it is asked.
        request.headers.add(name: "Idempotency-Key", value: id.uuidString.lowercased())
        if let authorization = configuration.authorization { request.headers.add(name: "Authorization", value: authorization) }
        request.body = .bytes(ByteBuffer(string: configuration.body(to: number, text: text)))
        do {
            let response = try await client.execute(request, timeout: .seconds(Self.timeout))
            let body = try await response.body.collect(upTo: Self.longestReply)
            let reply = "\(response.status.code) \(String(buffer: body).prefix(400))"
            switch response.status.code {
            case 200..<300: return .taken(reply)
            case 408, 425, 429, 500...: return .deferred(reply)
            default: return .rejected(reply)
            }
        } catch {
            return .deferred("not reached: \(type(of: error))")
        }
    }
}
