import Foundation
import TestKit
import Testing

@testable import Postgres

@Suite struct RoundTripTests {
    @Test func aReadUnderAContextIsOneRoundTripAndATransactionTwo() async throws {
        struct Number: RowDecodable {
            let n: Int
            init(row: Row) throws { n = try row["n"] }
        }
        try await TestDatabase.with { (database) async throws in
            let proxy = try CountingProxy(to: database.configuration.url)
            defer { proxy.close() }
            var configuration = database.configuration
            (configuration.url, configuration.directURL, configuration.maximumConnections) = (proxy.url, proxy.url, 1)
            for pooled in [false, true] {
                configuration.pooled = pooled
                try await TestDatabase.running(configuration) { (postgres) async throws in
                    try await postgres.execute("SELECT 1")
                    for _ in 1...2 {
                        var before = proxy.requests
                        let read: Number? = try await postgres.first(as: Someone("ada"), "SELECT 7 AS n")
                        #expect(read?.n == 7)
                        #expect(proxy.requests - before == 1)
                        before = proxy.requests
                        try await postgres.transaction(as: Someone("ada")) { _ = try await $0.execute("SELECT \(8)") }
                        #expect(proxy.requests - before == 2)
                    }
                }
            }
        }
    }
}
