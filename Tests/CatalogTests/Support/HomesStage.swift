import Contracts
import Foundation
import ServiceKit
import TestKit
import Testing

@testable import Catalog

extension TestService {
    /// The id of a listing that is seen for the first time.
    func created(_ listing: ReadListing, at time: Date = Date()) async throws -> UUID {
        guard case .created(let id) = try await see(listing, at: time) else {
            throw NotCreated(listing: listing.providerListingID)
        }
        return id
    }

    /// The ageing of listings under a clock of the test's.
    func ageing(at now: Date) -> ListingAgeing {
        ListingAgeing(
            store: ListingAgeStore(postgres: platform.postgres, matches: matches),
            limits: AgeLimits(inactiveAfterDays: LiveValue(14), archivedAfterDays: LiveValue(90)), pause: .seconds(3600), logger: TestDatabase.logger,
            now: { now })
    }
}

struct NotCreated: Error {
    var listing: String
}

extension ReadListing {
    /// A listing whose page states everything.
    static func full() -> ReadListing {
        .sample {
            $0.providerURL = "https://homes.test/1"
            $0.providerCreatedAt = Date(timeIntervalSince1970: 1_795_000_000)
            $0.providerUpdatedAt = Date(timeIntervalSince1970: 1_795_100_000)
            $0.furnishingLevel = "unfurnished"
            $0.houseNumber = "7b"
            $0.latitude = 52.5
            $0.longitude = 13.4
            $0.rentBrutto = 1100
            $0.additionalCosts = 200
            $0.deposit = 2700
            $0.currency = "EUR"
            $0.bedroomCount = 1
            $0.bathroomCount = 1
            $0.totalArea = 65
            $0.floor = "2. OG"
            $0.totalFloors = 5
            $0.yearBuilt = 1910
            $0.condition = "renovated"
            $0.availableFrom = "2027-01-01"
            $0.availableUntil = "2029-12-31"
            $0.leaseDurationMin = 12
            $0.leaseDurationMax = 36
            $0.virtualTourURL = "https://homes.test/1/tour"
            $0.floorPlanURL = "https://homes.test/1/plan"
        }
    }
}
