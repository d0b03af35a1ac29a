import Contracts
import Foundation
import ServiceKit
import TestKit
import Testing

@testable import Catalog

@Suite("What the platform sets")
struct ConfigurationTests {
    @Test("holds at once when it changes, goes back to the default when it is taken away, and one that needs a restart waits for it")
    func threshold() async throws {
        try await TestService.with(CatalogService.self, settings: ["MATCH_THRESHOLD": "0.55"]) { service in
            let threshold = ConfigurationKey<Decimal>.matchThreshold
            let live = service.platform.configuration.live(threshold, default: 0.55)
            func changed() -> ConfigurationChanged {
                ConfigurationChanged(
                    settingID: .v7(), key: threshold.name, change: "updated", before: nil, after: nil, changedFields: ["value"], riskLevel: "high",
                    version: 2)
            }
            try await service.speaking(as: .auth) { auth in
                #expect(live.current == 0.55)
                service.configuration.set(threshold.name, "0.9")
                try await auth.say(changed())
                try await eventually { live.current == 0.9 }
                // Nothing that can be read as a number: the default.
                service.configuration.set(threshold.name, "\"high\"")
                try await auth.say(changed())
                try await eventually { live.current == 0.55 }
                service.configuration.set(threshold.name, "0.3", requiresRestart: true)
                service.configuration.set("other", "1")
                try await auth.say(changed())
                try await eventually { service.platform.configuration.value(ConfigurationKey<Int>("other")) == 1 }
                #expect(live.current == 0.55)
            }
        }
    }

    @Test("decides which matches are shown")
    func matches() async throws {
        try await TestService.with(CatalogService.self) { service in
            let seeker = Caller.test()
            let search = try await service.save(
                ["name": "Berlin", "preferred_cities": ["Berlin"], "max_rent_netto": 1000, "search_frequency": "immediate"], as: seeker)
            _ = try await service.see(.sample())
            func shown() async throws -> Int {
                (try await service.get("/v1/search-criteria/\(search.id)/matches", as: seeker).json() as Page<ListingMatch>).items.count
            }
            #expect(try await shown() == 1)
            service.configuration.set("catalog.match_threshold", "1.1")
            try await service.platform.configuration.reload()
            #expect(try await shown() == 0)
        }
    }

    @Test("switches the explanation of matches on and off for whom a flag names")
    func flag() async throws {
        try await TestService.with(CatalogService.self) { service in
            let (one, other) = (Caller.test(), Caller.test())
            guard case .created(let id) = try await service.see(.sample()) else { return }
            let path = "/v1/listings/\(id)/matches"
            #expect(try await service.get(path, as: one).status == 200)
            service.configuration.set(flag: "match_explanations", enabled: true, FeatureFlagRules(rules: [.init(users: [one.userID])]))
            try await service.speaking(as: .auth) { auth in
                try await auth.say(
                    FeatureFlagChanged(flagID: .v7(), name: "match_explanations", change: "created", before: nil, after: nil, version: 1))
            }
            try await eventually { try await service.get(path, as: other).status == 404 }
            #expect(try await service.get(path, as: one).status == 200)
        }
    }

    @Test("sets the rate limits of a service that is running")
    func rateLimit() async throws {
        try await TestService.with(CatalogService.self) { service in
            let caller = Caller.test()
            #expect(try await service.get("/v1/listings", as: caller).headers.first(name: "RateLimit-Policy") == "\"user\";q=1200;w=60")
            service.configuration.set("rate_limits.user", "\"7/60s\"")
            try await service.platform.configuration.reload()
            let answer = try await service.get("/v1/listings", as: .test())
            #expect(answer.headers.first(name: "RateLimit-Policy") == "\"user\";q=7;w=60")
            service.configuration.set("rate_limits.user", "\"off\"")
            try await service.platform.configuration.reload()
            #expect(try await service.get("/v1/listings", as: caller).headers.first(name: "RateLimit") == nil)
        }
    }
}
