import Dispatch

extension Pool {
    func open() {
        Connection.open(configuration, direct: false, owner: self) { [weak self] result in
            guard let self else { return }
            if case .failure(let error) = result {
                logger.warning("cannot connect to Postgres", metadata: ["error": "\(error.message)"])
            }
            opened(result)
        }
    }

    private func opened(_ result: Result<Connection, PostgresError>) {
        let actions = state.withLock { state -> [Action] in
            state.opening -= 1
            switch result {
            case .success(let connection):
                state.failures = 0
                state.lastFailure = nil
                state.slots.append(Slot(connection: connection, opened: .now, progress: .now))
            case .failure(let error):
                state.failures += 1
                state.lastFailure = error
            }
            return dispatch(&state)
        }
        act(on: actions)
    }

    /// Tries one connection again after a failure; the others follow once it succeeds.
    func reconnect() {
        let opens = state.withLock { state -> Bool in
            state.isReconnectSet = false
            guard !state.isClosed, state.opening == 0, state.slots.count < configuration.maximumConnections else { return false }
            state.opening += 1
            return true
        }
        if opens { open() }
    }

    /// Sends away those who have waited as long as they were ready to.
    func expire() {
        let (expired, failure, actions) = state.withLock { state -> ([Waiters.Waiter], PostgresError?, [Action]) in
            state.isTimerSet = false
            let expired = state.waiters.takeExpired(at: .now)
            return (expired, state.slots.isEmpty ? state.lastFailure : nil, dispatch(&state))
        }
        let error =
            failure
            ?? PostgresError(
                .poolTimeout, "no connection became free within \(configuration.acquireTimeout); all \(configuration.maximumConnections) are in use")
        refuse(expired, with: error)
        act(on: actions)
    }

    func refuse(_ waiters: [Waiters.Waiter], with error: PostgresError) {
        for waiter in waiters {
            switch waiter {
            case .unit(let unit): unit.finish(.failure(error.placed(unit.statements.last?.text, unit.file, unit.line)))
            case .transaction(let reservation): _ = reservation.finish(.failure(error))
            }
        }
    }

    func after(_ delay: Duration, _ body: @escaping @Sendable (Pool) -> Void) {
        let nanoseconds = delay.components.seconds * 1_000_000_000 + delay.components.attoseconds / 1_000_000_000
        DispatchQueue.global().asyncAfter(deadline: .now() + .nanoseconds(max(0, Int(nanoseconds)))) { [weak self] in
            if let self { body(self) }
        }
    }
}
