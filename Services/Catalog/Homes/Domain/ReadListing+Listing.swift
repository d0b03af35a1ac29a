import Contracts

extension ReadListing {
    /// The facts of a stored listing, without the sealed contact values.
    init(_ listing: Listing) {
        self.init(
            provider: listing.provider, providerListingID: listing.providerListingID, title: listing.title, images: listing.images)
        providerURL = listing.providerURL
        providerCreatedAt = listing.providerCreatedAt
        providerUpdatedAt = listing.providerUpdatedAt
        description = listing.description
        propertyType = listing.propertyType
        furnishingLevel = listing.furnishingLevel
        street = listing.street
        houseNumber = listing.houseNumber
        postalCode = listing.postalCode
        city = listing.city
        district = listing.district
        latitude = listing.latitude
        longitude = listing.longitude
        rentNetto = listing.rentNetto
        rentBrutto = listing.rentBrutto
        additionalCosts = listing.additionalCosts
        deposit = listing.deposit
        currency = listing.currency
        rooms = listing.rooms
        bedroomCount = listing.bedroomCount
        bathroomCount = listing.bathroomCount
        livingArea = listing.livingArea
        totalArea = listing.totalArea
        floor = listing.floor
        totalFloors = listing.totalFloors
        yearBuilt = listing.yearBuilt
        condition = listing.condition
        availableFrom = listing.availableFrom?.description
        availableUntil = listing.availableUntil?.description
        leaseDurationMin = listing.leaseDurationMin
        leaseDurationMax = listing.leaseDurationMax
        virtualTourURL = listing.virtualTourURL
        floorPlanURL = listing.floorPlanURL
        contactName = listing.contactName
    }
}
