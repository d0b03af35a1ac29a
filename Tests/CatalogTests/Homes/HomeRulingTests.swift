import Contracts
import Foundation
import Postgres
import ServiceKit
import TestKit
import Testing

@testable import Catalog

@Suite struct HomeRulingTests {
    private struct Stage {
        var service: TestService
        var moderator = Caller.test(role: .moderator)
        /// Two listings of one home, and a third of its own.
        var listings: [UUID]

        init(_ service: TestService) async throws {
            self.service = service
            listings = [
                try await service.created(.sample()), try await service.created(.sample { $0.provider = "immowelt" }),
                try await service.created(.sample("other") { ($0.livingArea, $0.rooms, $0.rentNetto) = (120, 4, 2000) }),
            ]
        }

        func rule(_ ruling: String, _ listings: [UUID], as caller: Caller? = nil) async throws -> TestResponse {
            try await service.post(
                "/v1/home-rulings",
                TestJSON.object([
                    "ruling": .text(ruling), "listing_ids": .list(listings.map { .text($0.uuidString) }), "reason": "As seen in the pictures.",
                ]), as: caller ?? moderator)
        }

        func homes() async throws -> [UUID] {
            [try await service.home(of: listings[0]), try await service.home(of: listings[1]), try await service.home(of: listings[2])]
        }
    }

    @Test func `A moderator splits a home and joins others; each ruling can be undone, and is told`() async throws {
        try await TestService.with(CatalogService.self) { service in
            try await service.listening(to: HomeChanged.self) { heard in
                let stage = try await Stage(service)
                let before = try await stage.homes()
                #expect(before[0] == before[1] && before[2] == stage.listings[2])
                let split: HomeRuling = try await stage.rule("split", [stage.listings[0]]).json()
                let apart = try await stage.homes()
                #expect(apart[0] == split.homeID && apart[0] != apart[1] && apart[1] == before[1])
                // The answer of the listing says so at once.
                try await eventually {
                    (try await service.get("/v1/listings/\(stage.listings[0])").json() as Listing).homeID == split.homeID
                }
                let joined: HomeRuling = try await stage.rule("joined", [stage.listings[2], stage.listings[0]]).json()
                #expect(joined.homeID == before[2] && joined.homesBefore == [before[2], split.homeID])
                #expect(try await stage.homes() == [before[2], before[1], before[2]])
                // A ruling that another has overruled is not undone.
                let refused = try await service.post("/v1/home-rulings/\(split.id)/undo", TestJSON.object([:]), as: stage.moderator)
                #expect(refused.status == 409 && refused.problem == "overruled")
                for ruling in [joined, split] {
                    let undone: HomeRuling = try await service.post(
                        "/v1/home-rulings/\(ruling.id)/undo", TestJSON.object([:]), as: stage.moderator
                    ).json()
                    #expect(undone.undoneAt != nil && undone.version == 2)
                }
                #expect(try await stage.homes() == before)
                try await eventually { heard.events.filter { $0.reason == "undone" }.count >= 2 }
                #expect(heard.events.filter { $0.reason == "moderator" }.map(\.change) == ["split", "joined"])
                let page: Page<HomeRuling> = try await service.get("/v1/home-rulings?home_id=\(joined.homeID)", as: stage.moderator).json()
                #expect(page.items.map(\.id) == [joined.id])
            }
        }
    }

    @Test func `What a moderator has ruled no likeness changes`() async throws {
        try await TestService.with(CatalogService.self) { service in
            let stage = try await Stage(service)
            let split: HomeRuling = try await stage.rule("split", [stage.listings[1]]).json()
            _ = try await service.see(
                .sample {
                    $0.provider = "immowelt"
                    $0.title = "Helle Wohnung am großen Park"
                })
            #expect(try await service.home(of: stage.listings[1]) == split.homeID)
        }
    }

    @Test func `Undone by many at once it is undone once`() async throws {
        try await TestService.with(CatalogService.self, settings: ["RATE_LIMIT_USER": "off"]) { service in
            let stage = try await Stage(service)
            let split: HomeRuling = try await stage.rule("split", [stage.listings[0]]).json()
            let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<50 {
                    group.addTask {
                        try await service.post("/v1/home-rulings/\(split.id)/undo", TestJSON.object([:]), as: stage.moderator).status
                    }
                }
                return try await group.reduce(into: [Int: Int]()) { $0[$1, default: 0] += 1 }
            }
            #expect(statuses == [200: 1, 409: 49])
        }
    }

    @Test func `Who is no moderator rules nothing, neither through the interface nor in the database`() async throws {
        try await TestService.with(CatalogService.self) { service in
            let stage = try await Stage(service)
            #expect(try await stage.rule("split", [stage.listings[0]], as: .test()).status == 403)
            let changed = try await service.platform.postgres.transaction(as: Caller.test()) { tx in
                try await tx.execute("UPDATE listings SET home_id = id")
            }
            #expect(changed == 0)
            await #expect(throws: PostgresError.self) {
                try await service.platform.postgres.transaction(as: Caller.test()) { tx in
                    try await tx.execute(
                        """
                        INSERT INTO home_rulings (ruling, home_id, listing_ids, homes_before, pins_before, reason)
                        VALUES ('split', \(UUID.v7()), \([stage.listings[0]]), \([stage.listings[0]]), \([false]), 'mine')
                        """)
                }
            }
        }
    }

    @Test func `A ruling that makes no sense is refused with the reason`() async throws {
        try await TestService.with(CatalogService.self) { service in
            let stage = try await Stage(service)
            #expect(try await stage.rule("joined", [stage.listings[0]]).status == 422)
            #expect(try await stage.rule("joined", [stage.listings[0], stage.listings[0]]).status == 422)
            #expect(try await stage.rule("joined", [stage.listings[0], UUID.v7()]).status == 422)
            #expect(try await stage.rule("melted", stage.listings).status == 422)
            #expect(try await stage.rule("joined", [stage.listings[0], stage.listings[1]]).problem == "nothing-to-do")
            #expect(try await stage.rule("split", [stage.listings[0], stage.listings[1]]).problem == "nothing-to-do")
            #expect(try await stage.rule("split", [stage.listings[0], stage.listings[2]]).problem == "nothing-to-do")
            #expect(try await service.post("/v1/home-rulings/\(UUID.v7())/undo", TestJSON.object([:]), as: stage.moderator).status == 404)
        }
    }
}
