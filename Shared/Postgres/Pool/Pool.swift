import Dispatch
import Logging
import Synchronization

/// Divides a bounded number of connections among units and transactions, first come, first served.
///
/// Independent units share connections, the first two by preference, because statements that travel together cost fewer
/// system calls; a transaction has a connection to itself, and when all are shared, one takes no more units until it is empty.
final class Pool: ConnectionOwner {
    struct State {
        var slots: [Slot] = []
        var opening = 0
        var waiters = Waiters()
        var isClosed = false
        var isTimerSet = false
        var isReconnectSet = false
        var failures = 0
        var lastFailure: PostgresError?
        var whenEmpty: [CheckedContinuation<Void, Never>] = []
    }

    /// What is decided under the lock and done after it.
    enum Action {
        case submit(Unit, Connection)
        case grant(Reservation, Connection)
        case open
        case close(Connection)
        case tellEmpty([CheckedContinuation<Void, Never>])
        case reconnect(after: Duration)
        case setTimer(ContinuousClock.Instant)
    }

    /// How many units one connection has in its pipeline before another is used.
    static let depth = 16
    /// After so long without an answer a connection is held to be busy with something slow, and is not preferred.
    static let patience = Duration.milliseconds(3)

    let configuration: PostgresConfiguration
    let logger: Logger
    let meters: PoolMeters
    let state = Mutex(State())

    init(_ configuration: PostgresConfiguration, logger: Logger) {
        self.configuration = configuration
        self.logger = logger
        meters = PoolMeters(name: configuration.applicationName)
    }

    func submit(_ unit: Unit) {
        let (actions, isClosed) = state.withLock { state -> ([Action], Bool) in
            guard !state.isClosed else { return ([], true) }
            if state.waiters.isEmpty, let index = slotForUnit(state) { return ([give(unit, to: index, &state)], false) }
            state.waiters.add(.unit(unit), patience: configuration.acquireTimeout)
            return (dispatch(&state), false)
        }
        if isClosed { return unit.finish(.failure(closedError.placed(unit.statements.last?.text, unit.file, unit.line))) }
        act(on: actions)
    }

    /// A connection for one transaction alone, to be given back by `release`.
    func reserve(file: StaticString, line: UInt) async throws -> Connection {
        let reservation = Reservation()
        do {
            return try await reservation.connection { reserve(reservation) }
        } catch let error as PostgresError {
            throw error.placed(nil, file, line)
        }
    }

    private func reserve(_ reservation: Reservation) {
        let (actions, isClosed) = state.withLock { state -> ([Action], Bool) in
            guard !state.isClosed else { return ([], true) }
            state.waiters.add(.transaction(reservation), patience: configuration.acquireTimeout)
            return (dispatch(&state), false)
        }
        if isClosed { _ = reservation.finish(.failure(closedError)) }
        act(on: actions)
    }

    /// Gives a reserved connection back; `usable` is false when its state is in doubt. Nobody gets it before a request to cancel is over, which would
    /// hit the next transaction.
    func release(_ connection: Connection, usable: Bool = true) {
        guard usable else { return connection.close() }
        connection.canceller.whenIdle { [self] in
            change(connection) { slot in
                slot.use = .shared
                slot.load = 0
            }
        }
    }

    func finished(_ count: Int, on connection: Connection) {
        change(connection) { slot in
            if slot.use != .reserved { slot.load -= count }
        }
    }

    private func change(_ connection: Connection, _ body: (inout Slot) -> Void) {
        let actions = state.withLock { state -> [Action] in
            guard let index = state.slots.firstIndex(where: { $0.connection === connection }) else { return [] }
            body(&state.slots[index])
            state.slots[index].progress = .now
            return state.waiters.isEmpty && !state.isClosed && state.slots[index].use != .draining ? [] : dispatch(&state)
        }
        act(on: actions)
    }

    func lost(_ connection: Connection, unsent: [Unit], because error: PostgresError) {
        let (actions, refused) = state.withLock { state -> ([Action], [Unit]) in
            state.slots.removeAll { $0.connection === connection }
            if state.isClosed {
                return (dispatch(&state), unsent)
            }
            state.waiters.putBack(unsent, patience: configuration.acquireTimeout)
            return (dispatch(&state), [])
        }
        for unit in refused { unit.finish(.failure(closedError)) }
        act(on: actions)
        if error.kind == .connection { logger.warning("lost a connection to Postgres", metadata: ["error": "\(error.message)"]) }
    }

    var closedError: PostgresError { PostgresError(.closed, "the pool is closed") }
}
