import Foundation

/// An answer, whatever its status.
package struct Reply: Sendable {
    package var status: Int
    /// Names in lower case; several of one name are joined by commas.
    package var headers: [String: String]
    package var body: [UInt8]

    package init(status: Int, headers: [String: String], body: [UInt8]) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    package var json: JSON { (try? JSONDecoder().decode(JSON.self, from: Data(body))) ?? .null }
    package var text: String { String(decoding: body, as: UTF8.self) }
    package var isProblem: Bool { headers["content-type"]?.hasPrefix("application/problem+json") == true }

    /// What a problem says, in one line.
    package var reason: String {
        let problem = json
        let fields = problem["errors"].items.compactMap { error in
            error["pointer"].string.map { "\($0) \(error["detail"].string ?? "")" }
        }
        let words = [problem["title"].string, problem["detail"].string].compactMap(\.self) + fields
        return words.isEmpty ? String(text.prefix(300)) : words.joined(separator: " ")
    }
}
