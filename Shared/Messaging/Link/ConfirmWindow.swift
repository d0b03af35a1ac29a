import DequeModule

/// What was published on a channel and is not confirmed yet, in the order of delivery tags.
struct ConfirmWindow {
    private struct Entry {
        var batch: PublishBatch
        var index: Int
        var isSettled = false
    }
    private var entries: Deque<Entry> = []
    /// The delivery tag of the first entry. A channel counts from 1.
    private var firstTag: UInt64 = 1
    /// Mandatory messages by id: a returned one is only known by it.
    private var mandatory: [String: UInt64] = [:]

    var count: Int { entries.count }

    mutating func append(_ index: Int, of batch: PublishBatch) {
        if batch.messages[index].mandatory { mandatory[batch.messages[index].messageID] = firstTag + UInt64(entries.count) }
        entries.append(Entry(batch: batch, index: index))
    }

    mutating func confirm(_ tag: UInt64, multiple: Bool, taken: Bool) {
        guard tag >= firstTag, tag - firstTag < UInt64(entries.count) else { return }
        let last = Int(tag - firstTag)
        for position in (multiple ? 0 : last)...last where !entries[position].isSettled {
            settle(position, taken ? .taken : .rejected)
        }
        while let first = entries.first, first.isSettled {
            entries.removeFirst()
            firstTag += 1
        }
    }

    /// The broker sends the return before the confirmation, which then finds the message settled.
    mutating func markReturned(_ messageID: String) {
        guard let tag = mandatory.removeValue(forKey: messageID), tag >= firstTag, tag - firstTag < UInt64(entries.count) else { return }
        let entry = entries[Int(tag - firstTag)]
        entry.batch.settle(entry.index, .unroutable)
    }

    /// The connection is gone, and with it every confirmation.
    mutating func abandon() {
        for entry in entries where !entry.isSettled { entry.batch.settle(entry.index, .unknown) }
        self = ConfirmWindow()
    }

    /// Stops waiting for batches whose time is over; a late confirmation is ignored.
    func expire(_ now: ContinuousClock.Instant) {
        for entry in entries where !entry.isSettled && entry.batch.deadline <= now { entry.batch.settle(entry.index, .unknown) }
    }

    private mutating func settle(_ position: Int, _ outcome: PublishBatch.Outcome) {
        entries[position].isSettled = true
        let entry = entries[position]
        if entry.batch.messages[entry.index].mandatory { mandatory[entry.batch.messages[entry.index].messageID] = nil }
        entry.batch.settle(entry.index, outcome)
    }
}
