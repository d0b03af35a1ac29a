/// Typed values by key with a time to live. Redis down means slower, never wrong: every failure of Redis is a miss.
///
/// A key begins with its family and a colon (`doc:…`). Values travel as JSON; `[UInt8]` is kept as it is.
///
/// **Why no old value comes back.** A load may read the database, then another process changes the row and removes the key, and only then
/// the load's value reaches Redis. So whoever removes a key leaves a marker of its own at `gone:{key}` for 30 seconds. A load notes the marker it
/// found together with the miss (one `MGET`), and its value is stored by a script only if the marker is still the same. A load that took longer
/// than a marker lives for, or during which a connection was lost (a server restarted without its data would have lost the marker), is
/// answered and not stored. Within a process a removal also detaches the load that is under way, so later readers start a new one.
///
/// **A removal while Redis is away** is remembered (10,000 keys, beyond that whole families), tried again until it is done, and until
/// then this process takes nothing of the key from Redis. What remains: a process that removes a key cannot reach Redis while others can, and the
/// others missed the change's notification too; or it ends before it reaches Redis again. Others may then read the old value until the
/// removal is done, the starting process's `CacheInvalidation` empties the families, or the TTL ends. The same holds when Redis evicts the marker
/// for want of memory, or a replica that lacks the last writes takes over.
public struct Cache: Sendable {
    private let redis: Redis
    private let flights = CacheFlights()
    private let removals: CacheRemovals
    private let stores: CacheStores
    private let metrics = CacheMetrics()

    public init(_ redis: Redis) {
        self.redis = redis
        removals = CacheRemovals(redis)
        stores = CacheStores(redis)
    }

    /// The cached value, or what `load` gives, kept for `ttl`. Concurrent misses of one key in this process load once: the first of them does, in
    /// its own task, and if it is cancelled another begins anew. The value is answered while it is on its way into Redis; until it is there, who asks
    /// in this process gets it all the same. A value removed while it is being loaded is not kept. Throws what `load` throws, and
    /// `CancellationError`.
    public func value<Value: Codable & Sendable>(
        _ key: String, ttl: Duration, as type: Value.Type = Value.self, load: @Sendable @escaping () async throws -> Value
    ) async throws -> Value {
        var seen: Int? = flights.landings(of: key)
        while true {
            let ticket: CacheTicket?
            switch await lookUp(key, as: type) {
            case .hit(let value):
                metrics.hits.increment()
                return value
            case .miss(let found):
                ticket = found
            }
            try Task.checkCancellation()
            switch flights.board(key, type, seen: seen) {
            case .lookAgain:
                // Another load of this key landed after our look: what it stored need not be loaded again. Once is enough.
                seen = nil
            case .join(let flight):
                metrics.joins.increment()
                if let value = try await flight.value() { return value }
            case .lead(let flight):
                metrics.misses.increment()
                return try await fly(flight, key, ttl, ticket, load)
            }
        }
    }

    /// The cached value; nil when there is none, when Redis is away, or when it cannot be read as `Value`.
    public func get<Value: Codable & Sendable>(_ key: String, as type: Value.Type = Value.self) async -> Value? {
        guard !removals.hold(key), let bytes = try? await redis.get(key) else { return nil }
        guard let value = CacheCoding.decode(bytes, as: type) else {
            await forgetCorrupt(key)
            return nil
        }
        return value
    }

    /// Keeps a value that the caller knows to be current. Loads that are under way do not replace it. Failures are ignored.
    public func set<Value: Codable & Sendable>(_ key: String, _ value: Value, ttl: Duration) async {
        flights.overtake { $0 == key }
        guard let bytes = CacheCoding.encode(value), !removals.hold(key) else { return await remove(key) }
        do {
            let arguments: [any RedisArgument] = [bytes, ttl.wholeMilliseconds, CacheMarker.new(), CacheMarker.life.wholeMilliseconds]
            _ = try await redis.run(CacheScripts.put, keys: [key, CacheMarker.key(of: key)], arguments: arguments)
        } catch {
            // What the key held before is no longer current.
            await remove(key)
        }
    }

    /// Never throws: when Redis is away the removal is remembered and done before the key is trusted again.
    public func remove(_ keys: String...) async { await remove(keys) }

    /// Never throws: when Redis is away the removal is remembered and done before the key is trusted again.
    public func remove(_ keys: [String]) async {
        let gone = Set(keys)
        flights.overtake { gone.contains($0) }
        await removals.remove(Array(gone))
    }

    /// Removes every key that begins with one of the prefixes, found by `SCAN`; until that is done this process takes none of them from Redis.
    /// Never throws, as `remove`.
    public func removeAll(_ prefixes: [String]) async {
        flights.overtake { key in prefixes.contains { key.hasPrefix($0) } }
        await removals.removeAll(prefixes)
    }
}

// MARK: - Steps

extension Cache {
    private func lookUp<Value: Codable & Sendable>(_ key: String, as type: Value.Type) async -> CacheLookup<Value> {
        let epoch = redis.epoch
        let start = ContinuousClock.now
        guard !removals.hold(key) else { return .miss(nil) }
        guard let found = try? await redis.send(RedisCommand("MGET", key, CacheMarker.key(of: key))).array, found.count == 2 else {
            return .miss(nil)
        }
        let ticket = CacheTicket(marker: found[1].bytes ?? [], epoch: epoch, start: start)
        guard let bytes = found[0].bytes else { return .miss(ticket) }
        if let value = CacheCoding.decode(bytes, as: type) {
            // A removal that could not reach Redis may have come while the answer was on its way.
            return removals.hold(key) ? .miss(nil) : .hit(value)
        }
        await forgetCorrupt(key)
        return .miss(ticket)
    }

    private func fly<Value: Codable & Sendable>(
        _ flight: CacheFlight<Value>, _ key: String, _ ttl: Duration, _ ticket: CacheTicket?, _ load: () async throws -> Value
    ) async throws -> Value {
        let value: Value
        do {
            value = try await load()
        } catch {
            flights.leave(key, flight)
            // What was cancelled with its caller says nothing of the value.
            flight.land(Task.isCancelled ? .success(nil) : .failure(error))
            throw error
        }
        flight.land(.success(value))
        if let ticket, isCurrent(flight, key, ticket), let bytes = CacheCoding.encode(value) {
            stores.add(
                .init(
                    key: key, value: bytes, milliseconds: ttl.wholeMilliseconds, marker: ticket.marker,
                    isCurrent: { isCurrent(flight, key, ticket) }, settled: { [flights] in flights.leave(key, flight) }))
        } else {
            flights.leave(key, flight)
        }
        return value
    }

    /// Whether a value loaded with this ticket may be stored, as far as this process knows.
    private func isCurrent<Value>(_ flight: CacheFlight<Value>, _ key: String, _ ticket: CacheTicket) -> Bool {
        !flight.isOvertaken && ticket.start.duration(to: .now) < CacheMarker.longestLoad && ticket.epoch == redis.epoch && !removals.hold(key)
    }

    private func forgetCorrupt(_ key: String) async {
        metrics.corrupt.increment()
        _ = try? await redis.delete([key])
    }
}
