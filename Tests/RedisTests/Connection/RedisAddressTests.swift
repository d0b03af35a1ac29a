import Logging
import Testing

@testable import Redis

@Suite struct RedisAddressTests {
    @Test func aURLTellsHostPortDatabaseAndWhoWeAre() throws {
        let address = try RedisAddress("redis://hearth:p%40ss%2Fword@cache.example:7379/5")
        #expect(address.endpoint == .tcp(host: "cache.example", port: 7379))
        #expect(address.user == "hearth")
        #expect(address.password == "p@ss/word")
        #expect(address.database == 5)
        #expect("\(address)" == "cache.example:7379/5")
    }

    @Test func whatIsLeftOutHasADefault() throws {
        let address = try RedisAddress("redis://:secret@127.0.0.1")
        #expect(address.endpoint == .tcp(host: "127.0.0.1", port: 6379))
        #expect(address.user == nil)
        #expect(address.password == "secret")
        #expect(address.database == 0)
        #expect(try RedisAddress("redis://[::1]:1/").endpoint == .tcp(host: "::1", port: 1))
    }

    @Test func aSocketIsNamedByItsPath() throws {
        let address = try RedisAddress("unix:///run/redis.sock?db=3")
        #expect(address.endpoint == .unix(path: "/run/redis.sock"))
        #expect(address.database == 3)
    }

    @Test(arguments: ["", "http://host", "redis://", "redis://host/first", "redis://host:70000", "unix://"])
    func anUnusableURLFailsAtStart(url: String) async {
        let redis = Redis(RedisConfiguration(url: url), logger: Logger(label: "test"))
        await #expect(throws: RedisError.self) { try await redis.run() }
        await #expect(throws: RedisError.unavailable) { try await redis.send(RedisCommand("PING")) }
    }
}
