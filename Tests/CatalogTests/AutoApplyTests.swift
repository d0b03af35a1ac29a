import Contracts
import Foundation
import Postgres
import ServiceKit
import TestKit
import Testing

@testable import Catalog

@Suite("Applying by oneself")
struct AutoApplyTests {
    private static let settings = ["SEARCH_RUN_PAUSE": "1h"]

    /// Somebody with a verified account, a letter, and a search that applies.
    private static func applicant(_ service: TestService) async throws -> Caller {
        let caller = Caller.test()
        let user = UserSnapshot(
            id: caller.userID, email: "mia@hearth.test", fullName: "Mia Muster", firstName: nil, lastName: nil, locale: "de-DE",
            timezone: "Europe/Berlin", role: "user", userType: "seeker", status: "active", emailVerified: true, version: 1)
        try await service.platform.postgres.transaction(as: ServiceCaller()) { tx in try await SeekerStore().save(user, in: tx) }
        let letter: TestJSON = ["subject": "Ihre Wohnung", "body": "Guten Tag,\n\nsie gefällt mir."]
        #expect(try await service.put("/v1/application-letter", letter, as: caller).status == 200)
        _ = try await service.save(MatchTests.full.merging(["auto_apply": true]) { $1 }, as: caller)
        return caller
    }

    private static func flat(_ id: String, on provider: String = "wg_gesucht", _ service: TestService) throws -> ReadListing {
        let sealed = Data(try service.platform.encryption.seal("vermieter@example.org", context: "catalog.listings.contact_email"))
        return .sample(id) {
            $0.provider = provider
            $0.contactEmailSealed = sealed.base64EncodedString()
        }
    }

    /// Flats that nobody has scored yet, each a home of its own.
    private static func flats(_ count: Int, _ service: TestService) async throws -> [UUID] {
        var ids: [UUID] = []
        for number in 0..<count {
            let listing = try flat("flat\(number)", service)
            ids.append(
                try await service.platform.postgres.transaction(as: ServiceCaller()) { tx in
                    guard case .created(let id) = try await service.sightings.record(listing, at: Date(), in: tx) else { throw CancellationError() }
                    try await tx.execute("UPDATE listings SET home_id = id WHERE id = \(id)")
                    return id
                })
        }
        return ids
    }

    private static func limited(_ perDay: Int, _ service: TestService) -> MatchStore {
        MatchStore(
            postgres: service.platform.postgres, threshold: LiveValue(0.6), applications: ApplicationLimits(delay: .seconds(1800), perDay: perDay))
    }

    private static func waiting(_ service: TestService, _ caller: Caller) async throws -> [HomeApplication] {
        let page: Page<HomeApplication> = try await service.get("/v1/home-applications", as: caller).json()
        return page.items
    }

    /// The flats' contact in somebody's own address book.
    private static func landlord(_ service: TestService, _ caller: Caller) async throws -> Contact {
        let contact: TestJSON = ["name": "Vera Vermieter", "email": "vermieter@example.org", "contact_type": "landlord"]
        return try await service.post("/v1/contacts", contact, as: caller).json()
    }

    /// As if the time to take them back had run out.
    private static func due(_ service: TestService) async throws {
        _ = try await service.platform.postgres.transaction(as: ServiceCaller()) { tx in
            try await tx.execute("UPDATE home_applications SET send_at = now() - interval '1 second' WHERE status = 'waiting'")
        }
    }

    private static func key(_ service: TestService) async throws -> MatchingKey {
        let platform = service.platform
        return try await MatchingKeyStore(.catalog, postgres: platform.postgres, encryption: platform.encryption, logger: platform.logger).key()
    }

    private static func sendNext(_ service: TestService) async throws -> Bool {
        try await ApplicationStore(postgres: service.platform.postgres)
            .sendNext(encryption: service.platform.encryption, key: key(service))
    }

    private static func letters(_ service: TestService) async throws -> Int {
        try await service.count("SELECT count(*) FROM outbox WHERE type = 'campaigns.email.send.v1'")
    }

    @Test("sends the letter once per home to a known contact, sealed, after a while")
    func once() async throws {
        try await TestService.with(CatalogService.self, settings: Self.settings) { service in
            let caller = try await Self.applicant(service)
            // Another flat, of which nobody is known.
            _ = try await service.see(
                .sample("none") {
                    ($0.title, $0.description) = ("Altbau mit Stuck", "Dielen, Kachelofen, drei Treppen hoch.")
                    ($0.street, $0.livingArea) = ("Uferstraße", 74)
                })
            #expect(try await Self.waiting(service, caller).isEmpty)
            _ = try await service.see(Self.flat("1", service))
            let application = try #require(try await Self.waiting(service, caller).first)
            #expect(application.status == .waiting && application.sendAt > Date() && application.body.contains("gefällt"))
            #expect(try await !Self.sendNext(service))
            _ = try await service.see(Self.flat("1", service), at: Date().addingTimeInterval(1))
            #expect(try await Self.waiting(service, caller).count == 1)
            try await Self.due(service)
            let sent = try await withThrowingTaskGroup(of: Bool.self) { group in
                for _ in 0..<50 { group.addTask { try await Self.sendNext(service) } }
                return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            // Its own job may have been first.
            #expect(sent <= 1)
            try await eventually { try await Self.waiting(service, caller).first?.status == .sent }
            // No queue shows the address. The command waits for campaigns, which is not there.
            #expect(try await Self.letters(service) == 1)
            #expect(try await service.count("SELECT count(*) FROM outbox WHERE body LIKE '%vermieter@%'") == 0)
            // The same flat on another portal is the same home.
            _ = try await service.see(Self.flat("2", on: "immoscout", service))
            #expect(try await service.count("SELECT count(DISTINCT home_id) FROM listings WHERE provider_listing_id IN ('1', '2')") == 1)
            #expect(try await Self.waiting(service, caller).count == 1)
            #expect(try await service.delete("/v1/home-applications/\(application.id)", as: caller).problem == "too-late")
        }
    }

    @Test("is taken back as long as it waits, by its owner alone; fifty at once and the sending agree on one end")
    func takenBack() async throws {
        try await TestService.with(CatalogService.self, settings: Self.settings) { service in
            let caller = try await Self.applicant(service)
            _ = try await service.see(Self.flat("1", service))
            let application = try #require(try await Self.waiting(service, caller).first)
            let path = "/v1/home-applications/\(application.id)"
            #expect(try await service.delete(path, as: .test()).status == 404)
            #expect(try await service.get(path, as: .test()).status == 404)
            let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<50 { group.addTask { try await service.delete(path, as: caller).status } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(statuses.allSatisfy { $0 == 204 })
            try await Self.due(service)
            #expect(try await !Self.sendNext(service))
            #expect(try await Self.waiting(service, caller).map(\.status) == [.takenBack])
            #expect(try await Self.letters(service) == 0)
        }
    }

    @Test("is dropped when there is no reason left: the offer is gone, or the search has ended")
    func dropped() async throws {
        try await TestService.with(CatalogService.self, settings: Self.settings) { service in
            let caller = try await Self.applicant(service)
            guard case .created(let gone) = try await service.see(Self.flat("1", service)) else { return }
            _ = try await service.platform.postgres.transaction(as: ServiceCaller()) { tx in
                try await tx.execute("UPDATE listings SET is_active = false WHERE id = \(gone)")
            }
            try await Self.due(service)
            _ = try await Self.sendNext(service)
            try await eventually { try await Self.waiting(service, caller).map(\.reason) == ["off_the_market"] }
            #expect(try await Self.letters(service) == 0)
        }
    }

    @Test("goes out for nobody whose account is unverified, gone, or at its limit")
    func accounts() async throws {
        try await TestService.with(CatalogService.self, settings: Self.settings.merging(["AUTO_APPLY_PER_DAY": "2"]) { $1 }) { service in
            let caller = try await Self.applicant(service)
            let limited = Self.limited(2, service)
            for id in try await Self.flats(4, service) {
                try await service.platform.postgres.transaction(as: ServiceCaller()) { tx in try await limited.score(listing: id, in: tx) }
            }
            #expect(try await Self.waiting(service, caller).count == 2)
            try await service.platform.postgres.transaction(as: ServiceCaller()) { tx in
                try await SeekerStore().forget(caller.userID, version: 9, in: tx)
            }
            try await Self.due(service)
            while try await Self.sendNext(service) {}
            try await eventually { try await Self.waiting(service, caller).map(\.reason) == ["account", "account"] }
        }
    }

    @Test("no more of them go out in a day than the limit, also when one run finds many, or many find one each at once", arguments: [true, false])
    func limit(inOneRun: Bool) async throws {
        try await TestService.with(CatalogService.self, settings: Self.settings) { service in
            let caller = try await Self.applicant(service)
            let limited = Self.limited(3, service)
            let flats = try await Self.flats(12, service)
            let postgres = service.platform.postgres
            if inOneRun {
                let searches: Page<SearchCriteria> = try await service.get("/v1/search-criteria", as: caller).json()
                let search = try #require(searches.items.first?.id)
                try await postgres.transaction(as: ServiceCaller()) { tx in
                    _ = try await limited.run(search: search, behind: RunPlace(since: Date(timeIntervalSinceNow: -3600)), in: tx)
                }
            } else {
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for flat in flats {
                        group.addTask {
                            try await postgres.transaction(as: ServiceCaller()) { tx in try await limited.score(listing: flat, in: tx) }
                        }
                    }
                    try await group.waitForAll()
                }
            }
            #expect(try await service.count("SELECT count(*) FROM listing_matches WHERE matched_at IS NOT NULL") == 12)
            #expect(try await Self.waiting(service, caller).count == 3)
        }
    }

    @Test(
        "goes to nobody whose address or domain is on the blacklist, nor whom the sender has shut out",
        arguments: ["address", "domain", "own contact"])
    func shutOut(by means: String) async throws {
        try await TestService.with(CatalogService.self, settings: Self.settings) { service in
            let caller = try await Self.applicant(service)
            _ = try await service.see(Self.flat("1", service))
            switch means {
            case "own contact":
                let contact = try await Self.landlord(service, caller)
                #expect(try await service.patch("/v1/contacts/\(contact.id)", ["blacklisted_reason": "odd"], as: caller).status == 200)
            default:
                let entry: TestJSON = [
                    "kind": means == "domain" ? "domain" : "email", "value": means == "domain" ? "example.org" : "vermieter@example.org",
                    "reason": "fraud",
                ]
                #expect(try await service.post("/v1/contact-blacklist", entry, as: .test(role: .moderator)).status == 201)
            }
            try await Self.due(service)
            _ = try await Self.sendNext(service)
            try await eventually { try await Self.waiting(service, caller).map(\.reason) == ["contact_shut_out"] }
            #expect(try await Self.letters(service) == 0)
        }
    }

    @Test("leaves a trace: who wrote to which listing is told, and the contact counts that it was turned to")
    func trace() async throws {
        try await TestService.with(CatalogService.self, settings: Self.settings) { service in
            let caller = try await Self.applicant(service)
            _ = try await service.see(Self.flat("1", service))
            let contact = try await Self.landlord(service, caller)
            try await Self.due(service)
            try await service.listening(to: HomeApplicationSent.self) { heard in
                _ = try await Self.sendNext(service)
                try await eventually { try await Self.letters(service) == 1 }
                try await eventually { heard.events.count == 1 }
            }
            let known: Contact = try await service.get("/v1/contacts/\(contact.id)", as: caller).json()
            #expect(known.contactFrequency == .rare && known.lastContacted != nil)
        }
    }
}
