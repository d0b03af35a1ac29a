extension Pool {
    /// Takes nothing new, lets what is under way finish, then closes the connections. When cancelled it waits for nobody.
    func drain() async {
        await withTaskCancellationHandler {
            await empty()
        } onCancel: {
            close()
        }
    }

    private func empty() async {
        await withCheckedContinuation { continuation in
            let (waiters, actions) = state.withLock { state -> ([Waiters.Waiter], [Action]) in
                state.isClosed = true
                state.whenEmpty.append(continuation)
                let waiters = state.waiters.takeAll()
                return (waiters, dispatch(&state))
            }
            refuse(waiters, with: closedError)
            act(on: actions)
        }
    }

    /// Closes at once; what is under way fails.
    func close() {
        let (waiters, slots) = state.withLock { state -> ([Waiters.Waiter], [Slot]) in
            state.isClosed = true
            return (state.waiters.takeAll(), state.slots)
        }
        refuse(waiters, with: closedError)
        for slot in slots { slot.connection.close() }
    }

    /// Lets go connections that are older than `lifetime` and idle, so that the server's memory and a changed address do not stay for ever; asks the
    /// others that are idle whether they still answer.
    func maintain(lifetime: Duration = .seconds(1_800)) {
        let (old, idle) = state.withLock { state -> ([Connection], [Connection]) in
            let now = ContinuousClock.now
            let free = state.slots.filter { $0.use == .shared && $0.load == 0 }
            let old = free.first { $0.opened.duration(to: now) > lifetime }.map { [$0.connection] } ?? []
            state.slots.removeAll { slot in old.contains { $0 === slot.connection } }
            let silent = free.filter { slot in slot.progress.duration(to: now) > .seconds(15) && !old.contains { $0 === slot.connection } }
            for index in state.slots.indices where silent.contains(where: { $0.connection === state.slots[index].connection }) {
                state.slots[index].load += 1
            }
            meters.record(state.slots, waiting: state.waiters.count)
            return (old, silent.map(\.connection))
        }
        for connection in old { connection.close() }
        for connection in idle { connection.submit(Unit(["SELECT 1"], independent: true, file: #fileID, line: #line)) }
    }
}
