import DequeModule

/// Those for whom there is no connection yet, in the order of their coming.
struct Waiters {
    enum Waiter {
        case unit(Unit)
        case transaction(Reservation)
    }

    struct Entry {
        let number: Int
        let waiter: Waiter
        let since: ContinuousClock.Instant
        let deadline: ContinuousClock.Instant
    }

    private(set) var units: Deque<Entry> = []
    private(set) var transactions: Deque<Entry> = []
    private var number = 0

    var isEmpty: Bool { units.isEmpty && transactions.isEmpty }
    var count: Int { units.count + transactions.count }
    /// Of all that wait, the one whose patience ends first: everybody has the same, so it is the oldest.
    var firstDeadline: ContinuousClock.Instant? {
        switch (units.first, transactions.first) {
        case (let unit?, let transaction?): min(unit.deadline, transaction.deadline)
        case (let unit, let transaction): unit?.deadline ?? transaction?.deadline
        }
    }
    /// True when the oldest transaction came before the oldest unit.
    var isTransactionsTurn: Bool {
        guard let transaction = transactions.first else { return false }
        return units.first.map { transaction.number < $0.number } ?? true
    }

    mutating func add(_ waiter: Waiter, patience: Duration) {
        number += 1
        let now = ContinuousClock.now
        let entry = Entry(number: number, waiter: waiter, since: now, deadline: now + patience)
        switch waiter {
        case .unit: units.append(entry)
        case .transaction: transactions.append(entry)
        }
    }

    /// Units whose connection was lost before they were sent go first again, with the patience that is left to them.
    mutating func putBack(_ lost: [Unit], patience: Duration) {
        for unit in lost.reversed() {
            let number = units.first.map { $0.number - 1 } ?? 0
            units.prepend(Entry(number: number, waiter: .unit(unit), since: unit.made, deadline: unit.made + patience))
        }
    }

    mutating func nextUnit() -> Entry? { units.popFirst() }
    mutating func nextTransaction() -> Entry? { transactions.popFirst() }

    mutating func dropCancelled() {
        while case .unit(let unit)? = units.first?.waiter, unit.isCancelled { units.removeFirst() }
        while case .transaction(let reservation)? = transactions.first?.waiter, reservation.isCancelled { transactions.removeFirst() }
    }

    mutating func takeExpired(at now: ContinuousClock.Instant) -> [Waiter] {
        let expired = (units + transactions).filter { $0.deadline <= now }.map(\.waiter)
        units.removeAll { $0.deadline <= now }
        transactions.removeAll { $0.deadline <= now }
        return expired
    }

    mutating func takeAll() -> [Waiter] {
        defer {
            units = []
            transactions = []
        }
        return (units + transactions).map(\.waiter)
    }
}
