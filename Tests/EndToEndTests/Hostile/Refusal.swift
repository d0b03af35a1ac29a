import ClientKit
import Foundation

@testable import Demo

/// What every refusal has in common.
enum Refusal {
    /// What would tell a stranger how Hearth is made: SQL, paths, Swift's names of types and errors.
    private static var leaks: Regex<(Substring, Substring?)> {
        /SELECT |INSERT |UPDATE |DELETE FROM|pg_|SQLSTATE|\/(work|home|usr|opt|var)\/|\.swift|Swift\.|NIO[A-Z]|[A-Za-z]Error\(|Optional\(|DecodingError|CodingKeys|0x[0-9a-f]{6}/
    }

    /// Nil when the answer is a clear refusal: 4xx, a problem of a stable type with the request's id, which tells nothing of the inside.
    static func flaw(of reply: Reply, allowed: Set<Int> = []) -> String? {
        guard (400..<500).contains(reply.status), reply.status != 429 else { return "is no refusal: \(reply.text.prefix(200))" }
        guard allowed.isEmpty || allowed.contains(reply.status) else { return "another refusal than \(allowed.sorted()): \(reply.reason)" }
        guard reply.isProblem else { return "no problem+json but \(reply.headers["content-type"] ?? "nothing")" }
        guard let type = reply.json["type"].string, type.wholeMatch(of: /urn:hearth:problem:[a-z0-9-]+/) != nil else {
            return "its type is \(reply.json["type"])"
        }
        guard reply.json["status"].int == reply.status, reply.json["title"].string?.isEmpty == false else { return "status and title: \(reply.text)" }
        guard let id = reply.headers["x-request-id"], !id.isEmpty else { return "no X-Request-Id" }
        guard reply.json["instance"].string == "urn:hearth:request:\(id)" else { return "instance \(reply.json["instance"]) of the request \(id)" }
        if let leak = reply.text.firstMatch(of: leaks) { return "tells \(leak.0): \(reply.text.prefix(300))" }
        return nil
    }
}
