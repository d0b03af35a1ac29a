import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import ServiceKit
import Synchronization
import TestKit
import Testing

@testable import Alerts

/// A live stream as a client has it: what has come so far, and whether it has ended.
final class TestStream: Sendable {
    private let state = Mutex<(text: String, hasEnded: Bool)>(("", false))
    let status: Int

    init(status: Int) { self.status = status }

    var text: String { state.withLock { $0.text } }
    var hasEnded: Bool { state.withLock { $0.hasEnded } }
    var beats: Int { text.split(separator: "\n").count { $0 == ": beat" } }

    /// The notifications in the order in which they came.
    var notifications: [(id: String, title: String)] {
        text.components(separatedBy: "\n\n").compactMap { block in
            let lines = block.split(separator: "\n")
            guard lines.contains("event: notification"), let id = lines.first(where: { $0.hasPrefix("id: ") }),
                let data = lines.first(where: { $0.hasPrefix("data: ") }),
                let notification = try? JSONDecoder.hearth.decode(Alerts.Notification.self, from: Data(data.dropFirst(6).utf8))
            else { return nil }
            return (String(id.dropFirst(4)), notification.title)
        }
    }

    fileprivate func read(_ body: HTTPClientResponse.Body) async throws {
        defer { state.withLock { $0.hasEnded = true } }
        for try await chunk in body { state.withLock { $0.text += String(buffer: chunk) } }
    }
}

extension AlertStage {
    /// Opens a stream for as long as `body` takes. A refusal is read to its end.
    @discardableResult
    func stream<Value: Sendable>(
        _ query: String = "", token: String? = nil, lastEventID: String? = nil, _ body: (TestStream) async throws -> Value
    ) async throws -> Value {
        var request = HTTPClientRequest(url: service.url + "/v1/notifications/stream" + query)
        if let token { request.headers.add(name: "Authorization", value: "Bearer " + token) }
        if let lastEventID { request.headers.add(name: "Last-Event-ID", value: lastEventID) }
        let response = try await HTTPClient.shared.execute(request, timeout: .seconds(60))
        let stream = TestStream(status: Int(response.status.code))
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try? await stream.read(response.body) }
            // Once its first words are there it is among those that are woken.
            try await eventually { stream.text.contains("\n\n") || stream.hasEnded }
            let value = try await body(stream)
            group.cancelAll()
            return value
        }
    }
}
