import AsyncHTTPClient
import Foundation

/// A stream of server-sent events, read for as long as it is open. Keeps what came.
package actor LiveStream {
    package struct Event: Sendable {
        package var id: String?
        package var name: String
        package var data: JSON
        package var arrivedAt: ContinuousClock.Instant
    }

    package private(set) var events: [Event] = []
    package private(set) var hasEnded = false
    /// When the first bytes of the body came: a stream that something buffers has none before its first event.
    package private(set) var firstByteAt: ContinuousClock.Instant?
    private var reading: Task<Void, Never>?

    package static func open(_ client: HearthClient, _ path: String) async throws -> LiveStream {
        var request = HTTPClientRequest(url: client.baseURL + path)
        request.headers.add(name: "Accept", value: "text/event-stream")
        if let token = client.token { request.headers.add(name: "Authorization", value: "Bearer \(token)") }
        let response = try await HTTPClient.shared.execute(request, timeout: .minutes(15))
        guard response.status == .ok else {
            let reply = Reply(
                status: Int(response.status.code), headers: [:], body: Array(try await response.body.collect(upTo: 1 << 20).readableBytesView))
            throw StepFailure("GET \(path.prefix { $0 != "?" }) answered \(reply.status): \(reply.reason)")
        }
        let stream = LiveStream()
        await stream.read(response.body)
        return stream
    }

    package func close() { reading?.cancel() }

    private func read(_ body: HTTPClientResponse.Body) {
        reading = Task {
            var rest: [UInt8] = []
            do {
                for try await buffer in body {
                    rest += buffer.readableBytesView
                    take(&rest)
                }
            } catch {}  // the end, from whichever side
            hasEnded = true
        }
    }

    /// Takes the events that are complete: an empty line ends one.
    private func take(_ bytes: inout [UInt8]) {
        firstByteAt = firstByteAt ?? .now
        while let end = bytes.firstRange(of: [0x0A, 0x0A]) {
            let block = String(decoding: bytes[..<end.lowerBound], as: UTF8.self)
            bytes.removeSubrange(..<end.upperBound)
            var event = Event(id: nil, name: "message", data: .null, arrivedAt: .now)
            var data: [Substring] = []
            for line in block.split(separator: "\n") where !line.hasPrefix(":") {
                let parts = line.split(separator: ":", maxSplits: 1)
                let value = parts.count > 1 ? parts[1].drop { $0 == " " } : ""
                switch parts[0] {
                case "id": event.id = String(value)
                case "event": event.name = String(value)
                case "data": data.append(value)
                default: continue
                }
            }
            guard !data.isEmpty else { continue }
            event.data = (try? JSONDecoder().decode(JSON.self, from: Data(data.joined(separator: "\n").utf8))) ?? .null
            events.append(event)
        }
    }
}
