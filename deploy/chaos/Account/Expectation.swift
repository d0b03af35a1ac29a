/// What must be true at the end, known from the site and the seekers alone.
struct Expectation: Sendable {
    var listings: Int
    /// "seeker's id listing's id", one for each listing that a seeker is to be told of.
    var told: Set<String>
    /// Matches of saved searches: a seeker with two of one kind has two for each listing.
    var matches: Int

    init(listings: Int, seekers: [Seeker]) {
        self.listings = listings
        told = []
        matches = 0
        for number in 0..<listings {
            let listing = GeneratedListing(number: number)
            for seeker in seekers where seeker.wants(listing) {
                told.insert("\(seeker.person.id.lowercased()) \(listing.id)")
                matches += seeker.searches
            }
        }
    }
}
