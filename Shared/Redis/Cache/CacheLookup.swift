/// What a look into the cache gave.
enum CacheLookup<Value: Sendable>: Sendable {
    case hit(Value)
    /// Without a ticket, what is loaded now cannot be stored.
    case miss(CacheTicket?)
}

/// What a load must show to have its value stored: that nothing was removed since.
struct CacheTicket: Sendable {
    /// The marker found with the miss; empty for none.
    var marker: [UInt8]
    var epoch: Int
    var start: ContinuousClock.Instant
}
