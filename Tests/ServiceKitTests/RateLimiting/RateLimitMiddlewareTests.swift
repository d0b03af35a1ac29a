import HTTPTypes
import Hummingbird
import HummingbirdTesting
import TestKit
import Testing

@testable import ServiceKit

@Suite struct RateLimitMiddlewareTests {
    @Test func everyAnswerTellsWhatIsLeftAndTheOneBeyondIsRefused() async throws {
        try await TestRedis.with { redis, _ in
            let router = Router(context: APIContext.self)
            router.add(middleware: Answering())
            router.add(
                middleware: RateLimitMiddleware(
                    RateLimiter(redis), user: nil, anonymous: RateLimit("default", quota: 2, per: .seconds(3600))))
            router.get("fine") { _, _ in "fine" }
            router.get("absent") { _, _ -> String in throw APIError.notFound("thing") }
            try await Application(router: router).test(.router) { client in
                let first = try await client.execute(uri: "/fine", method: .get)
                #expect(first.status == .ok)
                #expect(first.headers[.rateLimit]?.hasPrefix("\"default\";r=1;t=") == true)
                #expect(first.headers[.rateLimitPolicy] == "\"default\";q=2;w=3600")
                let second = try await client.execute(uri: "/absent", method: .get)
                #expect(second.status == .notFound)
                #expect(second.headers[.rateLimit]?.hasPrefix("\"default\";r=0;t=") == true)
                let third = try await client.execute(uri: "/fine", method: .get)
                #expect(third.status == .tooManyRequests)
                #expect(third.headers[.retryAfter].flatMap(Int.init).map { 1...1800 ~= $0 } == true)
                #expect(third.headers[.contentType] == "application/problem+json")
                #expect(third.headers[.rateLimit]?.hasPrefix("\"default\";r=0;t=") == true)
            }
        }
    }

    @Test func aSettingThatMakesNoSenseFailsAtStart() async throws {
        try await TestRedis.with { redis, _ in
            let limiter = RateLimiter(redis)
            _ = try RateLimitMiddleware(limiter, settings: Settings(["RATE_LIMIT_USER": "off", "RATE_LIMIT_ANONYMOUS": "5/1s"]))
            #expect(throws: SettingError.self) { try RateLimitMiddleware(limiter, settings: Settings(["RATE_LIMIT_USER": "lots"])) }
        }
    }
}
