import ClientKit
import Testing

@testable import Demo

extension Waiting {
    /// Waits until it is true.
    static func expect(_ what: String, within limit: Duration, _ condition: () async throws -> Bool) async throws {
        try await until(what, within: limit) { try await condition() ? () : nil }
    }
}
