import ClientKit
import Foundation

@testable import Demo

extension RunningSystem {
    private actor Load {
        private(set) var isOver = false
        func end() { isOver = true }
    }

    /// Asks all the time beside `body`, each of `requests` in a loop of its own; what was not answered as it should be.
    static func underLoad(
        _ requests: [@Sendable () async throws -> Reply], expecting status: Int = 200, _ body: () async throws -> Void
    ) async throws -> [String] {
        let load = Load()
        return try await withThrowingTaskGroup(of: [String].self) { group in
            for request in requests {
                group.addTask {
                    var failures: [String] = []
                    while await !load.isOver {
                        let reply = try await request()
                        if reply.status != status { failures.append("\(reply.status) \(reply.reason)") }
                        try? await Task.sleep(for: .milliseconds(20))
                    }
                    return failures
                }
            }
            do { try await body() } catch {
                await load.end()
                throw error
            }
            await load.end()
            return try await group.reduce([]) { $0 + $1 }
        }
    }

    /// The same with a list that the person reads, three at a time.
    static func underLoad(_ seeker: Person, _ body: () async throws -> Void) async throws -> [String] {
        try await underLoad(Array(repeating: { try await seeker.client.send("GET", "/v1/search-criteria") }, count: 3), body)
    }
}
