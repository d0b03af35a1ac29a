import Synchronization

/// Ids of listings that the load has seen: the first few are everybody's favourites, of the others as many as there were.
final class KnownListings: Sendable {
    private static let most = 10_000
    private let ids = Mutex<(order: [String], known: Set<String>)>(([], []))

    func take(_ new: [String]) {
        ids.withLock { ids in
            for id in new where ids.order.count < Self.most && ids.known.insert(id).inserted { ids.order.append(id) }
        }
    }

    var any: String? { ids.withLock { $0.order.randomElement() } }

    func favourite(_ round: Int) -> String? {
        ids.withLock { ids in ids.order.isEmpty ? nil : ids.order[round % min(10, ids.order.count)] }
    }
}
