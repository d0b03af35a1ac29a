import ClientKit
import Foundation
import TestKit

@testable import Demo

extension RawConnection {
    /// The first answer as a reply, once it is complete or the connection ends.
    func reply(within limit: Duration) async throws -> Reply {
        try await Waiting.until("an answer", within: limit, every: .milliseconds(5)) {
            let isAtAnEnd = self.isClosed
            if let reply = self.parsed() { return reply }
            guard !isAtAnEnd else { throw StepFailure("The connection was closed without an answer.") }
            return nil
        }
    }

    private func parsed() -> Reply? {
        let text = text
        guard let status, let end = text.range(of: "\r\n\r\n") else { return nil }
        var headers: [String: String] = [:]
        for line in text[..<end.lowerBound].split(separator: "\r\n").dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1)
            if parts.count == 2 { headers[parts[0].lowercased()] = parts[1].trimmingCharacters(in: .whitespaces) }
        }
        let body = Array(text[end.upperBound...].utf8)
        let length = headers["content-length"].flatMap(Int.init)
        // A live stream is an answer, although it does not end.
        guard
            isClosed || headers["content-type"] == "text/event-stream" || length.map({ body.count >= $0 }) == true
                || body.suffix(5) == Array("0\r\n\r\n".utf8)
        else { return nil }
        return Reply(status: status, headers: headers, body: length.map { Array(body.prefix($0)) } ?? body)
    }
}
