import ClientKit
import Foundation

/// Somebody who wants homes in some cities, and so is to be told of every generated listing there and of no other.
struct Seeker: Sendable {
    var person: Person
    var cities: Set<Int>
    /// How many saved searches want the same: their owner is told once all the same.
    var searches: Int

    /// One for each city but the last, one for two of them, and one of the first kind with two searches. Of the last city nobody is told.
    private static let wishes: [(cities: Set<Int>, searches: Int)] = [([0], 1), ([1], 1), ([2], 1), ([3], 2), ([0, 2], 1)]

    func wants(_ listing: GeneratedListing) -> Bool { cities.contains(listing.city) }

    static func arriveAll(_ surroundings: Surroundings) async throws -> [Seeker] {
        var seekers: [Seeker] = []
        for (number, wish) in wishes.enumerated() {
            let person = try await arrive("seeker-\(number)", surroundings)
            for search in 0..<wish.searches {
                let wishes: JSON = [
                    "name": "Suche \(search + 1)", "preferred_cities": .list(wish.cities.sorted().map { .text(GeneratedListing.cities[$0]) }),
                    "property_types": ["apartment"], "min_rooms": 2, "max_rooms": 3, "max_rent_netto": 1000, "search_frequency": "immediate",
                ]
                _ = try await person.client.post("/v1/search-criteria", wishes, expecting: 201)
            }
            seekers.append(Seeker(person: person, cities: wish.cities, searches: wish.searches))
        }
        return seekers
    }

    static func arrive(_ name: String, _ surroundings: Surroundings) async throws -> Person {
        let registration = Registration(
            email: "\(name)@hearth.example", firstName: "Mira", gateway: surroundings.gateway, mail: surroundings.mail)
        try await registration.register(as: "seeker", firstName: "Mira")
        return try await registration.confirm(try await registration.confirmationToken())
    }
}
