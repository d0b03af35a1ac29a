import Synchronization

/// The loads of this process that are under way, by key and type.
final class CacheFlights: Sendable {
    private struct Key: Hashable {
        var name: String
        var type: ObjectIdentifier
    }

    private struct State {
        var flights: [Key: any CacheOvertakable] = [:]
        /// How many loads have landed, by a hash of the key: enough to notice, at a fixed size.
        var landings = [Int](repeating: 0, count: 1024)
    }

    enum Boarding<Value: Sendable> {
        case join(CacheFlight<Value>)
        case lead(CacheFlight<Value>)
        case lookAgain
    }

    private let state = Mutex(State())

    func landings(of key: String) -> Int {
        let slot = Self.slot(key)
        return state.withLock { $0.landings[slot] }
    }

    /// The flight of a key: the one under way or a new one, unless another has landed since `seen`.
    func board<Value>(_ name: String, _ type: Value.Type, seen: Int?) -> Boarding<Value> {
        let key = Key(name: name, type: ObjectIdentifier(type))
        let slot = Self.slot(name)
        return state.withLock { state in
            if let flight = state.flights[key] as? CacheFlight<Value>, flight.canBeJoined { return .join(flight) }
            if let seen, state.landings[slot] != seen { return .lookAgain }
            let flight = CacheFlight<Value>()
            state.flights[key] = flight
            return .lead(flight)
        }
    }

    /// The end of a flight; another of the same key may have taken its place after a removal.
    func leave<Value>(_ name: String, _ flight: CacheFlight<Value>) {
        let key = Key(name: name, type: ObjectIdentifier(Value.self))
        let slot = Self.slot(name)
        state.withLock { state in
            state.landings[slot] &+= 1
            if state.flights[key] === flight { state.flights[key] = nil }
        }
    }

    /// Detaches the flights of keys whose values have changed: those who wait are answered, nobody joins any more, nothing is stored.
    func overtake(where matches: (String) -> Bool) {
        state.withLock { state in
            for (key, flight) in state.flights where matches(key.name) {
                flight.overtake()
                state.flights[key] = nil
            }
        }
    }

    private static func slot(_ key: String) -> Int { Int(UInt(bitPattern: key.hashValue) % 1024) }
}
