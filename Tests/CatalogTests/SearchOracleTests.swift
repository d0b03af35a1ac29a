import Contracts
import Foundation
import Postgres
import TestKit
import Testing

@testable import Catalog
@testable import ServiceKit

/// Random questions against a search that looks at every listing, and pages that are turned while listings come and go.
@Suite("Search, held against looking at everything")
struct SearchOracleTests {
    private static let cities = ["Berlin", "Köln", "Zürich", "Halle"]
    private static let words = ["Balkon", "Garten", "Küche", "Altbau", "Wohnung", "Haus"]

    @Test("finds just what fits, whichever way it goes", arguments: [1, 2, 3])
    func oracle(seed: UInt64) async throws {
        try await TestService.with(CatalogService.self) { service in
            var random = SeededGenerator(seed: seed)
            var listings: [ReadListing] = []
            for number in 0..<300 {
                let listing = Self.listing("\(number)", &random)
                listings.append(listing)
                _ = try await service.see(listing)
            }
            // So small that every way is gone: the short walk, the index, the long walk.
            var store = ListingSearchStore(
                postgres: service.platform.postgres, cache: service.platform.cache,
                epoch: SearchEpoch(postgres: service.platform.postgres, listener: service.platform.listener, logger: service.platform.logger))
            store.finder.limits = .init(firstWalk: 10, candidates: 40, longWalk: 30)
            for _ in 0..<80 {
                let question = Self.question(&random)
                let sort = [ListingSort.date, .price, .priceDescending].randomElement(using: &random) ?? .date
                let found = try await Self.all(question, sort, store)
                let expected = listings.filter { Self.fits($0, question) && (sort == .date || $0.rentNetto != nil) }
                #expect(found.map(\.providerListingID).sorted() == expected.map(\.providerListingID).sorted(), "\(question) \(sort)")
                switch sort {
                case .price: #expect(found.compactMap(\.rentNetto) == found.compactMap(\.rentNetto).sorted())
                case .priceDescending: #expect(found.compactMap(\.rentNetto) == found.compactMap(\.rentNetto).sorted(by: >))
                default: #expect(found.map(\.id.uuidString) == found.map(\.id.uuidString).sorted(by: >))
                }
            }
        }
    }

    @Test("finds what lies within a distance and only that, the nearest first, and the better the more words fit")
    func distanceAndRelevance() async throws {
        try await TestService.with(CatalogService.self) { service in
            var random = SeededGenerator(seed: 11)
            var kilometres: [String: Double] = [:]
            var balconies: [String: Int] = [:]
            for number in 0..<80 {
                let (north, east) = (Double.random(in: -0.5...0.5, using: &random), Double.random(in: -0.8...0.8, using: &random))
                balconies["\(number)"] = number % 4
                // On a plane, which at this size is right to a few parts in a thousand.
                kilometres["\(number)"] = (pow(north * 111.2, 2) + pow(east * 111.2 * 0.6086, 2)).squareRoot()
                _ = try await service.see(
                    .sample("\(number)") {
                        ($0.latitude, $0.longitude) = (52.52 + north, 13.4 + east)
                        $0.title = "Home \(number)" + String(repeating: " Balkon", count: number % 4)
                        $0.description = nil
                    })
            }
            func found(_ query: String) async throws -> [String] {
                let page: Page<Listing> = try await service.get("/v1/listings?limit=100&\(query)").json()
                return page.items.map(\.providerListingID)
            }
            let near = try await found("latitude=52.52&longitude=13.4&max_distance_km=30&sort=distance")
            #expect(Set(near).isSuperset(of: kilometres.filter { $0.value < 29.5 }.keys))
            #expect(Set(near).isSubset(of: kilometres.filter { $0.value < 30.5 }.keys))
            #expect(near.count > 10)
            let distances = near.map { kilometres[$0] ?? 0 }
            #expect(zip(distances, distances.dropFirst()).allSatisfy { $0 < $1 + 0.5 })
            let best = try await found("q=balkon&sort=relevance").map { balconies[$0] ?? 0 }
            #expect(best.count == 60 && best == best.sorted(by: >))
        }
    }

    @Test("shows each listing that was there all the while once, while others come and go", arguments: ["date", "price", "price_desc"])
    func comingAndGoing(sort: String) async throws {
        try await TestService.with(CatalogService.self) { service in
            var random = SeededGenerator(seed: 7)
            for number in 0..<60 {
                _ = try await service.see(.sample("stays\(number)") { $0.rentNetto = Decimal(Int.random(in: 3...9, using: &random) * 100) })
            }
            for number in 0..<30 {
                _ = try await service.see(.sample("goes\(number)") { $0.rentNetto = Decimal(Int.random(in: 3...9, using: &random) * 100) })
            }
            var seen: [String] = []
            var cursor = ""
            var turn = 0
            repeat {
                let page: Page<Listing> = try await service.get("/v1/listings?limit=7&sort=\(sort)\(cursor)").json()
                seen += page.items.map(\.providerListingID)
                cursor = page.nextCursor.map { "&cursor=\($0)" } ?? ""
                let (gone, rent) = (turn, Decimal(Int.random(in: 3...9, using: &random) * 100))
                _ = try await service.platform.postgres.transaction(as: ServiceCaller()) { tx in
                    try await tx.execute(
                        "UPDATE listings SET is_active = false WHERE provider_listing_id IN (\("goes\(gone)"), \("goes\(29 - gone)"))")
                }
                _ = try await service.see(.sample("comes\(turn)") { $0.rentNetto = rent })
                turn += 1
            } while !cursor.isEmpty && turn < 60
            #expect(seen.count == Set(seen).count)
            #expect(Set(seen.filter { $0.hasPrefix("stays") }).count == 60)
        }
    }

    private static func all(_ question: ListingQuestion, _ sort: ListingSort, _ store: ListingSearchStore) async throws -> [Listing] {
        var listings: [Listing] = []
        var place: SearchPlace?
        for _ in 0..<200 {
            let json = try await store.search(question, by: sort, after: place, limit: 9)
            let page = try JSONDecoder.hearth.decode(Page<Listing>.self, from: Data(json))
            listings += page.items
            guard let cursor = page.nextCursor else { return listings }
            place = Cursor.decode(cursor, as: SearchPlace.self)
            #expect(place != nil)
        }
        Issue.record("the pages do not end")
        return listings
    }

    private static func listing(_ id: String, _ random: inout SeededGenerator) -> ReadListing {
        var listing = ReadListing(
            provider: Bool.random(using: &random) ? "wg_gesucht" : "immoscout", providerListingID: id,
            title: words.shuffled(using: &random).prefix(2).joined(separator: " "))
        func some<Value>(_ value: Value) -> Value? { Int.random(in: 0..<4, using: &random) > 0 ? value : nil }
        listing.city = some(cities.randomElement(using: &random) ?? "")
        listing.district = some(["Mitte", "Süd"].randomElement(using: &random) ?? "")
        listing.propertyType = some(PropertyType.allCases.map(\.rawValue).randomElement(using: &random) ?? "")
        listing.rentNetto = some(Decimal(Int.random(in: 1...20, using: &random) * 100))
        listing.deposit = some(Decimal(Int.random(in: 1...20, using: &random) * 100))
        listing.rooms = some(Decimal(Int.random(in: 1...8, using: &random)) / 2)
        listing.livingArea = some(Decimal(Int.random(in: 20...120, using: &random)))
        listing.floor = some("\(Int.random(in: 0...5, using: &random)). OG")
        listing.availableFrom = some("2026-1\(Int.random(in: 0...2, using: &random))-15")
        listing.leaseDurationMax = some(Int.random(in: 1...24, using: &random))
        listing.furnishingLevel = some(["furnished", "unfurnished"].randomElement(using: &random) ?? "")
        listing.availableUntil = some("2027-0\(Int.random(in: 1...3, using: &random))-15")
        // What besides makes its quality.
        listing.postalCode = some("10999")
        listing.street = some("Parkweg")
        listing.description = some("Ruhig gelegen.")
        listing.images = some(["https://homes.test/1.jpg"]) ?? []
        listing.contactName = some("Frau Beispiel")
        return listing
    }

    private static func question(_ random: inout SeededGenerator) -> ListingQuestion {
        var question = ListingQuestion()
        func maybe(_ set: () -> Void) { if Int.random(in: 0..<4, using: &random) == 0 { set() } }
        maybe { question.text = words.randomElement(using: &random) }
        maybe { question.cities = Array(cities.shuffled(using: &random).prefix(Int.random(in: 1...2, using: &random))) }
        maybe { question.districts = ["sued"] }
        maybe { question.excludedCities = ["BERLIN"] }
        maybe { question.excludedDistricts = ["Mitte"] }
        maybe { question.propertyTypes = [.apartment, .room] }
        maybe { question.provider = "immoscout" }
        maybe { question.minRent = Decimal(Int.random(in: 1...10, using: &random) * 100) }
        maybe { question.maxRent = Decimal(Int.random(in: 5...20, using: &random) * 100) }
        maybe { question.maxDeposit = 1000 }
        maybe { question.minRooms = 2 }
        maybe { question.maxRooms = 3 }
        maybe { question.minArea = 50 }
        maybe { question.maxArea = 90 }
        maybe { question.minFloor = 1 }
        maybe { question.maxFloor = 3 }
        maybe { question.availableUntil = CalendarDay("2026-11-15") }
        maybe { question.minLeaseDuration = 12 }
        maybe { question.furnishingLevels = [.furnished] }
        maybe { question.availableFrom = CalendarDay("2027-02-01") }
        maybe { question.minQuality = Decimal(Int.random(in: 3...9, using: &random)) / 10 }
        return question
    }

    /// The rules, said once more and more simply.
    private static func fits(_ listing: ReadListing, _ question: ListingQuestion) -> Bool {
        func within<Value: Comparable>(_ value: Value?, _ minimum: Value?, _ maximum: Value?) -> Bool {
            guard minimum != nil || maximum != nil else { return true }
            guard let value else { return false }
            return minimum.map { $0 <= value } ?? true && maximum.map { value <= $0 } ?? true
        }
        if let text = question.text {
            let meant = text == "Haus" ? ["Haus"] : [text]
            guard meant.contains(where: { listing.title.contains($0) }) else { return false }
        }
        if !question.cities.isEmpty, !question.cities.contains(where: { $0 == listing.city }) { return false }
        if !question.districts.isEmpty, listing.district != "Süd" { return false }
        if !question.excludedCities.isEmpty, listing.city == "Berlin" { return false }
        if !question.excludedDistricts.isEmpty, listing.district == "Mitte" { return false }
        if !question.propertyTypes.isEmpty, !question.propertyTypes.contains(where: { $0.rawValue == listing.propertyType }) { return false }
        if let provider = question.provider, listing.provider != provider { return false }
        let floor = listing.floor.flatMap { Int($0.prefix { $0.isNumber }) }
        guard within(listing.rentNetto, question.minRent, question.maxRent), within(listing.deposit, nil, question.maxDeposit),
            within(listing.rooms, question.minRooms, question.maxRooms), within(listing.livingArea, question.minArea, question.maxArea),
            within(floor, question.minFloor, question.maxFloor)
        else { return false }
        if let until = question.availableUntil?.description, let from = listing.availableFrom, from > until { return false }
        if let from = question.availableFrom?.description, let until = listing.availableUntil, until < from { return false }
        if !question.furnishingLevels.isEmpty, listing.furnishingLevel != "furnished" { return false }
        if let least = question.minLeaseDuration, let most = listing.leaseDurationMax, most < least { return false }
        if let least = question.minQuality, quality(listing) < least { return false }
        return true
    }

    /// A tenth for each of ten facts that it states.
    private static func quality(_ listing: ReadListing) -> Decimal {
        let facts: [Any?] = [
            listing.rentNetto, listing.livingArea, listing.rooms, listing.city, listing.postalCode, listing.street, listing.availableFrom,
            listing.description, listing.images.first, listing.contactName,
        ]
        return Decimal(facts.compactMap { $0 }.count) / 10
    }
}
