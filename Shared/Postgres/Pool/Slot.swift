/// A connection's place in the pool.
struct Slot {
    enum Use {
        /// Runs independent units of many tasks.
        case shared
        /// Takes no more units, so that a waiting transaction can have it.
        case draining
        /// Belongs to a transaction.
        case reserved
    }

    let connection: Connection
    let opened: ContinuousClock.Instant
    var use = Use.shared
    /// Units given to it and not answered yet.
    var load = 0
    /// When it last had an answer or was idle; a long time ago means that its head is slow.
    var progress: ContinuousClock.Instant
}
