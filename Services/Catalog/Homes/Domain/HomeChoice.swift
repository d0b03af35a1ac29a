import Foundation

/// Which home a listing joins, among those of its candidates.
struct HomeChoice {
    /// A listing that was last seen this long before another came may be its former self.
    static let relistingGap: TimeInterval = 6 * 3600

    var homeID: UUID
    var likeness: Double

    /// The likest candidate's home, if it is like enough and if no other listing of the same portal is on offer in it: a portal lists a flat once.
    init?(of own: HomeFacts, among candidates: [HomeFacts], weights: HomeWeights) {
        let others = Dictionary(grouping: candidates, by: \.homeID)
        let best = candidates.compactMap { candidate -> HomeChoice? in
            let likeness = weights.likeness(own, candidate)
            let isSamePortal = candidate.provider == own.provider
            guard likeness >= (isSamePortal ? weights.relistingThreshold : weights.threshold) else { return nil }
            guard others[candidate.homeID, default: []].allSatisfy({ !$0.excludes(own) }) else { return nil }
            return HomeChoice(homeID: candidate.homeID, likeness: likeness)
        }
        .max { ($0.likeness, $1.homeID.uuidString) < ($1.likeness, $0.homeID.uuidString) }
        guard let best else { return nil }
        self = best
    }

    private init(homeID: UUID, likeness: Double) {
        self.homeID = homeID
        self.likeness = likeness
    }
}

extension HomeFacts {
    /// Both are on offer on one portal at the same time: they are two flats.
    func excludes(_ other: HomeFacts) -> Bool {
        provider == other.provider && isActive && other.isActive
            && max(firstSeenAt, other.firstSeenAt) < min(lastSeenAt, other.lastSeenAt).addingTimeInterval(HomeChoice.relistingGap)
    }
}
