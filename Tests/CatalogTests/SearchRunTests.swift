import Contracts
import Foundation
import Postgres
import ServiceKit
import TestKit
import Testing

@testable import Catalog

@Suite("Saved searches that run by the clock")
struct SearchRunTests {
    /// Never by itself: the test is the clock. A run is waited for, as what scores a new search may hold it for a moment.
    private static let settings = ["SEARCH_RUN_PAUSE": "1h"]

    private static func told(_ service: TestService) async throws -> Int {
        try await service.count("SELECT count(*) FROM listing_matches WHERE matched_at IS NOT NULL")
    }

    @Test("tell when they are due what came since, once, and know when they run next")
    func due() async throws {
        try await TestService.with(CatalogService.self, settings: Self.settings) { service in
            let caller = Caller.test()
            let runs = SearchRunStore(postgres: service.platform.postgres, matches: service.matches)
            let search = try await service.save(MatchTests.full.merging(["search_frequency": "daily"]) { $1 }, as: caller)
            let next = try #require(search.nextRunAt)
            #expect(next > Date() && next.timeIntervalSinceNow <= 25 * 3600)
            _ = try await service.see(.sample())
            #expect(try await Self.told(service) == 0)
            #expect(try await !runs.runNext())
            try await eventually { try await runs.runNext(now: next) }
            #expect(try await Self.told(service) == 1)
            #expect(try await !runs.runNext(now: next))
            let again: SearchCriteria = try await service.get("/v1/search-criteria/\(search.id)", as: caller).json()
            // Its owner's copy is still the current one: a run is no change.
            #expect(again.version == search.version && again.lastRunAt == next)
            let after = try #require(again.nextRunAt)
            #expect(after > next)
            try await eventually { try await runs.runNext(now: after) }
            #expect(try await service.count("SELECT count(*) FROM outbox WHERE type = 'catalog.listing.matched.v1'") <= 1)
            #expect(try await Self.told(service) == 1)
        }
    }

    @Test("of which fifty run at once are run once each")
    func parallel() async throws {
        try await TestService.with(CatalogService.self, settings: Self.settings) { service in
            let runs = SearchRunStore(postgres: service.platform.postgres, matches: service.matches)
            var next = Date()
            for number in 0..<10 {
                let search = try await service.save(
                    MatchTests.full.merging(["name": .text("Search \(number)"), "search_frequency": "hourly"]) { $1 }, as: .test())
                next = max(next, search.nextRunAt ?? next)
            }
            _ = try await service.see(.sample())
            // On the wire a time has no more than milliseconds.
            let due = next.addingTimeInterval(1)
            let fifty = {
                try await withThrowingTaskGroup(of: Bool.self) { group in
                    for _ in 0..<50 { group.addTask { try await runs.runNext(now: due) } }
                    return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
                }
            }
            var ran = 0
            try await eventually {
                ran += try await fifty()
                return ran >= 10
            }
            ran += try await fifty()
            #expect(ran == 10)
            #expect(try await Self.told(service) == 10)
        }
    }

    @Test("go on step by step until all that came is looked at: nothing is passed over, however much it is")
    func steps() async throws {
        try await TestService.with(CatalogService.self, settings: Self.settings) { service in
            let caller = Caller.test()
            let search = try await service.save(MatchTests.full.merging(["search_frequency": "daily", "min_quality_score": 0]) { $1 }, as: caller)
            try await service.fill(25)
            var matches = service.matches
            matches.perStep = 10
            let runs = SearchRunStore(postgres: service.platform.postgres, matches: matches)
            let due = try #require(search.nextRunAt).addingTimeInterval(1)
            try await eventually { try await runs.runNext(now: due) }
            #expect(try await Self.told(service) <= 10)
            let halfway: SearchCriteria = try await service.get("/v1/search-criteria/\(search.id)", as: caller).json()
            #expect(try #require(halfway.nextRunAt) <= due)
            try await eventually {
                while try await runs.runNext(now: due) {}
                return try await Self.told(service) == 25
            }
            let done: SearchCriteria = try await service.get("/v1/search-criteria/\(search.id)", as: caller).json()
            #expect(try #require(done.nextRunAt) > due)
        }
    }

    @Test("of which one cannot be run is put off by ten minutes and keeps none of the others; what it missed it tells when it can")
    func broken() async throws {
        try await TestService.with(CatalogService.self, settings: Self.settings) { service in
            let runs = SearchRunStore(postgres: service.platform.postgres, matches: service.matches)
            func save(_ name: String) async throws -> SearchCriteria {
                try await service.save(MatchTests.full.merging(["name": .text(name), "search_frequency": "hourly"]) { $1 }, as: .test())
            }
            let (broken, sound) = (try await save("Broken"), try await save("Sound"))
            try await service.script(
                """
                CREATE FUNCTION catalog.refuse_match() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'it is broken'; END $$;
                CREATE TRIGGER refused BEFORE INSERT ON catalog.listing_matches FOR EACH ROW
                    WHEN (NEW.search_id = '\(broken.id)' AND NEW.matched_at IS NOT NULL) EXECUTE FUNCTION catalog.refuse_match();
                """)
            _ = try await service.see(.sample())
            let now = Date()
            // The broken one has been due for longest.
            _ = try await service.platform.postgres.transaction(as: ServiceCaller()) { tx in
                try await tx.execute("UPDATE search_criteria SET next_run_at = \(now.addingTimeInterval(-120)) WHERE id = \(broken.id)")
                try await tx.execute("UPDATE search_criteria SET next_run_at = \(now.addingTimeInterval(-60)) WHERE id = \(sound.id)")
            }
            var (failed, ran) = (0, 0)
            try await eventually {
                do {
                    if try await runs.runNext(now: now) { ran += 1 }
                } catch let error as PostgresError where error.message.contains("it is broken") {
                    failed += 1
                }
                return failed > 0 && ran > 0
            }
            #expect(failed == 1 && ran == 1)
            #expect(try await service.count("SELECT count(*) FROM listing_matches WHERE search_id = \(sound.id) AND matched_at IS NOT NULL") == 1)
            #expect(try await Self.told(service) == 1)
            let later = now.addingTimeInterval(600)
            let putOff = try await service.count(
                "SELECT count(*) FROM search_criteria WHERE id = \(broken.id) AND next_run_at = \(later) AND last_run_at < \(now)")
            #expect(putOff == 1)
            // Not before, and neither of them.
            #expect(try await !runs.runNext(now: later.addingTimeInterval(-1)))

            try await service.script("DROP TRIGGER refused ON catalog.listing_matches")
            try await eventually { try await runs.runNext(now: later) }
            #expect(try await service.count("SELECT count(*) FROM listing_matches WHERE search_id = \(broken.id) AND matched_at IS NOT NULL") == 1)
            #expect(try await Self.told(service) == 2)
        }
    }

    @Test("tell of a home that two sites offer once, also when one run finds both")
    func oneHome() async throws {
        try await TestService.with(CatalogService.self, settings: Self.settings) { service in
            let search = try await service.save(MatchTests.full.merging(["search_frequency": "daily"]) { $1 }, as: .test())
            _ = try await service.see(.sample("1"))
            _ = try await service.see(.sample("2") { $0.provider = "immoscout" })
            #expect(try await service.count("SELECT count(DISTINCT home_id) FROM listings") == 1)
            let runs = SearchRunStore(postgres: service.platform.postgres, matches: service.matches)
            let due = try #require(search.nextRunAt).addingTimeInterval(1)
            try await eventually { try await runs.runNext(now: due) }
            #expect(try await service.count("SELECT count(*) FROM listing_matches WHERE relevance_score = 1") == 2)
            #expect(try await Self.told(service) == 1)
        }
    }

    @Test("that tell at once look once more for what was scored while they were saved")
    func catchUp() async throws {
        try await TestService.with(CatalogService.self, settings: Self.settings) { service in
            let search = try await service.save(MatchTests.full, as: .test())
            // Scored by a transaction that did not see the search.
            _ = try await service.platform.postgres.transaction(as: ServiceCaller()) { tx in
                try await service.sightings.record(.sample(), at: Date(), in: tx)
            }
            let runs = SearchRunStore(postgres: service.platform.postgres, matches: service.matches)
            #expect(try await !runs.runNext())
            let later = Date(timeIntervalSinceNow: SearchRunStore.catchUp + 1)
            try await eventually { try await runs.runNext(now: later) }
            #expect(try await Self.told(service) == 1)
            #expect(try await !runs.runNext(now: later))
            #expect(try await service.count("SELECT count(*) FROM search_criteria WHERE id = \(search.id) AND next_run_at IS NULL") == 1)
        }
    }

    @Test("are not due while they are paused, and catch up when they are to tell at once")
    func paused() async throws {
        try await TestService.with(CatalogService.self, settings: Self.settings) { service in
            let caller = Caller.test()
            let runs = SearchRunStore(postgres: service.platform.postgres, matches: service.matches)
            let search = try await service.save(MatchTests.full.merging(["search_frequency": "weekly"]) { $1 }, as: caller)
            func change(_ body: TestJSON) async throws -> SearchCriteria {
                try await service.patch("/v1/search-criteria/\(search.id)", body, as: caller).json()
            }
            #expect(try await change(["is_active": false]).nextRunAt == nil)
            #expect(try await !runs.runNext(now: Date(timeIntervalSinceNow: 30 * 86_400)))
            #expect(try await change(["is_active": true]).nextRunAt != nil)
            _ = try await service.see(.sample())
            #expect(try await change(["search_frequency": "immediate"]).nextRunAt != nil)
            // While the change is heard of, its search is passed over.
            try await eventually { try await runs.runNext() }
            #expect(try await Self.told(service) == 1)
            let now: SearchCriteria = try await service.get("/v1/search-criteria/\(search.id)", as: caller).json()
            #expect(now.nextRunAt == nil)
            _ = try await service.see(
                .sample("2") {
                    $0.title = "Dachgeschoss mit Terrasse"
                    $0.street = "Seeweg"
                    $0.livingArea = 75
                    $0.rentNetto = 700
                })
            #expect(try await Self.told(service) == 2)
        }
    }

    @Test("follow their owner to another time zone")
    func zone() async throws {
        try await TestService.with(CatalogService.self, settings: Self.settings) { service in
            let caller = Caller.test()
            let search = try await service.save(MatchTests.full.merging(["search_frequency": "daily"]) { $1 }, as: caller)
            var user = UserSnapshot(
                id: caller.userID, email: "a@hearth.test", fullName: nil, firstName: nil, lastName: nil, locale: "de-DE", timezone: "Pacific/Apia",
                role: "user", userType: "seeker", status: "active", emailVerified: true, version: 5)
            try await service.platform.postgres.transaction(as: ServiceCaller()) { [user] tx in try await SeekerStore().save(user, in: tx) }
            let moved: SearchCriteria = try await service.get("/v1/search-criteria/\(search.id)", as: caller).json()
            #expect(moved.nextRunAt == SearchSchedule(zone: "Pacific/Apia").next(.daily, after: Date(), anchor: search.createdAt))
            // What is older changes nothing, and nothing brings back who is gone.
            user.version = 4
            try await service.platform.postgres.transaction(as: ServiceCaller()) { [user] tx in
                try await SeekerStore().save(user, in: tx)
                try await SeekerStore().forget(user.id, version: 6, in: tx)
                var late = user
                late.version = 7
                try await SeekerStore().save(late, in: tx)
            }
            #expect(try await service.count("SELECT count(*) FROM seekers WHERE is_deleted AND timezone IS NULL") == 1)
        }
    }
}
