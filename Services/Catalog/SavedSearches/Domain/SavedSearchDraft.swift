import Foundation
import ServiceKit

/// What is said of a search that is saved as it was asked, besides the search itself.
struct SavedSearchDraft: Decodable, Sendable {
    var name: String
    var description: String?
    var searchFrequency: SearchFrequency?
    var isActive: Bool?
    var autoApply: Bool?
    var tags: [String]?
    var notes: String?

    enum CodingKeys: String, CodingKey {
        case name, description, tags, notes
        case searchFrequency = "search_frequency"
        case isActive = "is_active"
        case autoApply = "auto_apply"
    }
}

extension SearchWishes {
    /// What a search asks for, as wishes: without a distance its cities alone, without a least quality any. Throws 422 for what cannot be saved: a point.
    init(_ question: ListingQuestion, _ draft: SavedSearchDraft) throws {
        guard question.latitude == nil else {
            throw APIError.invalid([FieldError("query/latitude", "unsupported", "cannot be saved: a saved search looks around cities")])
        }
        name = draft.name
        description = draft.description
        q = question.text
        preferredCities = question.cities
        preferredDistricts = question.districts
        excludedCities = question.excludedCities
        excludedDistricts = question.excludedDistricts
        maxDistanceKm = Int((question.maxDistanceKm ?? 0).rounded(.up))
        propertyTypes = question.propertyTypes
        furnishingLevels = question.furnishingLevels
        provider = question.provider
        minRooms = question.minRooms
        maxRooms = question.maxRooms
        minArea = question.minArea
        maxArea = question.maxArea
        minFloor = question.minFloor
        maxFloor = question.maxFloor
        minRentNetto = question.minRent
        maxRentNetto = question.maxRent
        maxAdditionalCosts = question.maxAdditionalCosts
        maxDeposit = question.maxDeposit
        availableFrom = question.availableFrom
        availableUntil = question.availableUntil
        minLeaseDuration = question.minLeaseDuration
        maxLeaseDuration = question.maxLeaseDuration
        minQualityScore = question.minQuality ?? 0
        requireVerifiedContact = question.requireVerifiedContact
        searchFrequency = draft.searchFrequency ?? .daily
        isActive = draft.isActive ?? true
        autoApply = draft.autoApply ?? false
        tags = draft.tags ?? []
        notes = draft.notes
    }
}
