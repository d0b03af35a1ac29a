import Contracts
import Foundation
import Messaging
import Postgres
import ServiceKit
import TestKit
import Testing

@testable import Catalog

extension ReadListing {
    /// A two-room flat in Berlin for 900 € net, with everything a search asks for.
    static func sample(_ id: String = "1", _ change: (inout ReadListing) -> Void = { _ in }) -> ReadListing {
        var listing = ReadListing(provider: "wg_gesucht", providerListingID: id, title: "Helle Wohnung am Park", images: ["https://homes.test/1.jpg"])
        listing.propertyType = "apartment"
        listing.city = "Berlin"
        listing.district = "Kreuzberg"
        listing.postalCode = "10999"
        listing.street = "Parkweg"
        listing.rentNetto = 900
        listing.rooms = 2
        listing.livingArea = 60
        listing.description = "Ruhig gelegen."
        listing.contactName = "Frau Beispiel"
        change(&listing)
        return listing
    }
}

extension TestService {
    var sightings: SightingStore { SightingStore(encryption: platform.encryption) }
    var matches: MatchStore { MatchStore(postgres: platform.postgres, threshold: LiveValue(0.6)) }

    /// Stores a sighting and scores it, as the consumer does.
    func see(_ listing: ReadListing, at time: Date = Date()) async throws -> SightingStore.Outcome {
        try await platform.postgres.transaction(as: ServiceCaller()) { [sightings, matches] tx in
            let outcome = try await sightings.record(listing, at: time, in: tx)
            switch outcome {
            case .created(let id), .changed(let id): try await matches.score(listing: id, in: tx)
            case .unchanged: break
            }
            return outcome
        }
    }

    /// Saves a search through the interface.
    func save(_ wishes: [String: TestJSON], as caller: Caller) async throws -> SearchCriteria {
        try await post("/v1/search-criteria", TestJSON.object(wishes), as: caller).json()
    }

    func count(_ sql: SQL) async throws -> Int {
        try await platform.postgres.transaction(as: ServiceCaller()) { tx in try await tx.value(sql) ?? 0 }
    }

    /// Statements of the database's administrator, past every policy.
    func script(_ text: String) async throws {
        try await PostgresSession.with(PostgresConfiguration(url: adminDatabaseURL), logger: TestDatabase.logger) { session in
            try await session.script(text)
        }
    }
}

/// A JSON body of a test's own making.
indirect enum TestJSON: Encodable, Sendable, ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByArrayLiteral,
    ExpressibleByDictionaryLiteral, ExpressibleByNilLiteral, ExpressibleByBooleanLiteral
{
    case text(String)
    case number(Int)
    case decimal(Decimal)
    case flag(Bool)
    case list([TestJSON])
    case object([String: TestJSON])
    case null

    init(stringLiteral value: String) { self = .text(value) }
    init(integerLiteral value: Int) { self = .number(value) }
    init(booleanLiteral value: Bool) { self = .flag(value) }
    init(arrayLiteral elements: TestJSON...) { self = .list(elements) }
    init(dictionaryLiteral elements: (String, TestJSON)...) { self = .object(Dictionary(uniqueKeysWithValues: elements)) }
    init(nilLiteral: ()) { self = .null }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .text(let value): try container.encode(value)
        case .number(let value): try container.encode(value)
        case .decimal(let value): try container.encode(value)
        case .flag(let value): try container.encode(value)
        case .list(let value): try container.encode(value)
        case .object(let value): try container.encode(value)
        case .null: try container.encodeNil()
        }
    }
}
