extension Pool {
    /// Serves whoever can be served. Called under the lock, whenever something has changed.
    func dispatch(_ state: inout State) -> [Action] {
        var actions: [Action] = []
        state.waiters.dropCancelled()
        while !state.waiters.isEmpty {
            if state.waiters.isTransactionsTurn || slotForUnit(state) == nil {
                if let index = slotForTransaction(state), let entry = state.waiters.nextTransaction() {
                    guard case .transaction(let reservation) = entry.waiter else { continue }
                    state.slots[index].use = .reserved
                    meters.waited(since: entry.since)
                    actions.append(.grant(reservation, state.slots[index].connection))
                    state.waiters.dropCancelled()
                    continue
                }
            }
            guard let index = slotForUnit(state), let entry = state.waiters.nextUnit(), case .unit(let unit) = entry.waiter else { break }
            meters.waited(since: entry.since)
            actions.append(give(unit, to: index, &state))
            state.waiters.dropCancelled()
        }
        settle(&state, &actions)
        return actions
    }

    func give(_ unit: Unit, to index: Int, _ state: inout State) -> Action {
        if state.slots[index].load == 0 { state.slots[index].progress = .now }
        state.slots[index].load += 1
        return .submit(unit, state.slots[index].connection)
    }

    /// The connection that the next unit should go to, or nil when none may take it or another one should be opened for it.
    func slotForUnit(_ state: State) -> Int? {
        let depth = configuration.pooled ? 1 : Pool.depth
        let limit = ContinuousClock.now - Pool.patience
        var preferred: Int?
        var idle: Int?
        var least: Int?
        var sharing = 0
        for (index, slot) in state.slots.enumerated() where slot.use == .shared {
            sharing += 1
            if slot.load == 0, idle == nil { idle = index }
            // Better to wait for whichever is free first than to stand in line behind one slow statement.
            guard slot.load < depth, slot.load == 0 || slot.progress > limit else { continue }
            if sharing <= 2, slot.load < preferred.map({ state.slots[$0].load }) ?? .max {
                preferred = index
            }
            if slot.load < least.map({ state.slots[$0].load }) ?? .max { least = index }
        }
        if let preferred, sharing >= 2 || state.slots[preferred].load == 0 { return preferred }
        if let idle { return idle }
        // A transaction may not be kept waiting by connections that are opened for units behind it: both wait for the same one.
        if state.slots.count + state.opening < configuration.maximumConnections, state.failures == 0, state.opening == 0 { return nil }
        return least
    }

    private func slotForTransaction(_ state: State) -> Int? {
        guard let index = state.slots.lastIndex(where: { $0.use == .draining && $0.load == 0 }) else {
            return state.slots.lastIndex { $0.use == .shared && $0.load == 0 }
        }
        return index
    }

    /// Opens or empties connections for those who still wait, sets the clock for them, and lets go what nobody waits for.
    private func settle(_ state: inout State, _ actions: inout [Action]) {
        let transactions = state.waiters.transactions.count
        if !state.waiters.isEmpty {
            while state.slots.count + state.opening < configuration.maximumConnections, state.opening < state.waiters.count, state.failures == 0 {
                state.opening += 1
                actions.append(.open)
            }
            if !state.isTimerSet, let deadline = state.waiters.firstDeadline {
                state.isTimerSet = true
                actions.append(.setTimer(deadline))
            }
        }
        if state.failures > 0, state.opening == 0, !state.isReconnectSet, !state.isClosed, state.slots.isEmpty || !state.waiters.isEmpty {
            state.isReconnectSet = true
            actions.append(.reconnect(after: .milliseconds(min(2_000, 50 << min(state.failures, 6)) + Int.random(in: 0...50))))
        }
        var wanted = transactions - state.opening
        for index in state.slots.indices where state.slots[index].use == .draining {
            if wanted > 0 { wanted -= 1 } else { state.slots[index].use = .shared }
        }
        while wanted > 0, let index = leastLoadedShared(state) {
            state.slots[index].use = .draining
            wanted -= 1
        }
        if state.isClosed { closeIdle(&state, &actions) }
    }

    private func leastLoadedShared(_ state: State) -> Int? {
        state.slots.indices.filter { state.slots[$0].use == .shared }.min { state.slots[$0].load < state.slots[$1].load }
    }

    private func closeIdle(_ state: inout State, _ actions: inout [Action]) {
        for slot in state.slots where slot.load == 0 && slot.use != .reserved { actions.append(.close(slot.connection)) }
        state.slots.removeAll { $0.load == 0 && $0.use != .reserved }
        guard state.slots.isEmpty, state.opening == 0 else { return }
        actions.append(.tellEmpty(state.whenEmpty))
        state.whenEmpty = []
    }

    func act(on actions: [Action]) {
        for action in actions {
            switch action {
            case .submit(let unit, let connection): connection.submit(unit)
            case .grant(let reservation, let connection):
                // Its task may have been cancelled in between.
                if !reservation.finish(.success(connection)) { release(connection) }
            case .open: open()
            case .close(let connection): connection.close()
            case .tellEmpty(let waiting): for continuation in waiting { continuation.resume() }
            case .reconnect(let delay): after(delay) { $0.reconnect() }
            case .setTimer(let deadline): after(ContinuousClock.now.duration(to: deadline)) { $0.expire() }
            }
        }
    }
}
