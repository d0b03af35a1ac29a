/// The statements that one connection has prepared: bounded, the least recently used goes first.
struct StatementCache {
    /// One prepared statement of one connection.
    final class Entry {
        let name: String
        let key: Key
        var columns: Columns?
        var lastUse = 0

        init(name: String, key: Key) {
            self.name = name
            self.key = key
        }
    }

    struct Key: Hashable {
        let text: String
        let types: [PostgresType]
    }

    private var entries: [Key: Entry] = [:]
    private let capacity: Int
    /// Forgotten here, and still prepared on the server.
    private var stale: [Entry] = []
    private var made = 0
    private var clock = 0

    init(capacity: Int) { self.capacity = capacity }

    /// The statement's entry, whether it still has to be prepared, and the one that had to go for it.
    mutating func entry(for sql: SQL) -> (entry: Entry, isNew: Bool, evicted: Entry?) {
        let key = Key(text: sql.text, types: sql.binds.map(\.type))
        clock += 1
        if let entry = entries[key] {
            entry.lastUse = clock
            return (entry, false, nil)
        }
        var evicted: Entry?
        if entries.count >= capacity, let oldest = entries.values.min(by: { $0.lastUse < $1.lastUse }) {
            entries[oldest.key] = nil
            evicted = oldest
        }
        made += 1
        let entry = Entry(name: "h\(made)", key: key)
        entry.lastUse = clock
        entries[key] = entry
        return (entry, true, evicted)
    }

    /// `isPrepared` when the server still has it and has to be told.
    mutating func forget(_ entry: Entry, isPrepared: Bool) {
        guard entries[entry.key] === entry else { return }
        entries[entry.key] = nil
        if isPrepared { stale.append(entry) }
    }

    mutating func takeStale() -> [Entry] {
        guard !stale.isEmpty else { return [] }
        defer { stale = [] }
        return stale
    }
}
