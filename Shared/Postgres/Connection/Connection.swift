import CLibPQ
import DequeModule
import Dispatch
import Foundation
import Synchronization

/// One libpq connection, always in pipeline mode, that runs units in the order they were given to it.
///
/// Work is done on whichever thread brings it: who finds the connection free takes it, and does also what others leave in the inbox
/// meanwhile. So a lone statement is sent without a thread switch, and those of many tasks are gathered.
final class Connection: @unchecked Sendable {
    // Everything unguarded below is touched only by who has set `strand.isTaken`, which hands over through the lock.
    struct InFlight {
        let unit: Unit
        let steps: [Step]
        var position = 0
        var answers: [Answer] = []
        var error: PostgresError?
    }

    /// What a result belongs to.
    enum Step {
        case prepare(StatementCache.Entry)
        case execute(SQL, StatementCache.Entry?)
    }

    struct Strand {
        var isTaken = false
        var isReady = false
        var isClosing = false
        var inbox: [Unit] = []
        var jobs: Deque<@Sendable (Connection) -> Void> = []
    }

    static let preparedStatements = 256

    let handle: OpaquePointer
    let descriptor: Int32
    let usesNames: Bool
    weak let owner: (any ConnectionOwner)?
    let strand = Mutex(Strand())
    let canceller: Canceller

    var inFlight: Deque<InFlight> = []
    var statements = StatementCache(capacity: Connection.preparedStatements)
    var parameters = ParameterBuffer()
    var isLost = false

    /// Takes over an open `handle`.
    init(_ handle: OpaquePointer, usesNames: Bool, owner: any ConnectionOwner) {
        self.handle = handle
        self.usesNames = usesNames
        self.owner = owner
        descriptor = PQsocket(handle)
        canceller = Canceller(handle)
        PQsetnonblocking(handle, 1)
        PQenterPipelineMode(handle)
        Poller.shared.add(descriptor, self)
    }

    deinit {
        Poller.shared.remove(descriptor, self)
        PQfinish(handle)
    }

    func submit(_ unit: Unit) { enter { $0.inbox.append(unit) } }

    /// The socket is readable or writable. Who is at work here will see to it.
    func ready() { enter { $0.isReady = true } }

    /// A unit that was sent has been cancelled: once it is the one being executed, the server is asked to stop it.
    func cancellationRequested() { enter { $0.isReady = true } }

    /// Fails what is in flight and closes.
    func close() { enter { $0.isClosing = true } }

    private func enter(_ change: (inout Strand) -> Void) {
        let taken = strand.withLock { strand in
            change(&strand)
            defer { strand.isTaken = true }
            return !strand.isTaken
        }
        if taken { work() }
    }

    /// Does what there is to do until there is nothing left, then leaves the connection free.
    func work() {
        while let work = takeWork() {
            switch work {
            case .job(let job):
                // The job goes on working when it is done; until then the connection stays taken.
                Self.onThreadOfItsOwn { [self] in
                    job(self)
                    self.work()
                }
                return
            case .strand(let strand): perform(strand)
            }
        }
    }

    private enum Work {
        case job(@Sendable (Connection) -> Void)
        case strand(Strand)
    }

    private func takeWork() -> Work? {
        strand.withLock { strand in
            if strand.isReady || strand.isClosing || !strand.inbox.isEmpty {
                let work = strand
                strand.isReady = false
                strand.isClosing = false
                strand.inbox = []
                return .strand(work)
            }
            // A job has the connection to itself, so it waits until nothing is in flight.
            if inFlight.isEmpty, let job = strand.jobs.popFirst() { return .job(job) }
            strand.isTaken = false
            return nil
        }
    }

    /// For calls that block: connecting, cancelling, COPY, scripts. A dispatch queue would start only a few of them at once, and one more each second.
    static func onThreadOfItsOwn(_ body: @escaping @Sendable () -> Void) { Thread.detachNewThread(body) }

    private func perform(_ work: Strand) {
        guard !isLost else { return refuse(work.inbox) }
        if work.isClosing {
            lose(PostgresError(.closed, "the connection was closed"), unsent: work.inbox)
            return
        }
        if work.isReady { receive() }
        guard !isLost else { return refuse(work.inbox) }
        if !work.inbox.isEmpty { send(work.inbox) }
        guard !isLost else { return }
        flush(thenRead: work.isReady)
        if let head = inFlight.first, head.unit.isCancelled { cancelHead() }
    }

    /// A request may arrive before the server has begun with the statement, and then does nothing: it is repeated until the statement is over.
    private func cancelHead() {
        canceller.cancel { [weak self] in
            DispatchQueue.global().asyncAfter(deadline: .now() + .milliseconds(50)) { [weak self] in self?.cancellationRequested() }
        }
    }

    private func refuse(_ units: [Unit]) {
        guard !units.isEmpty else { return }
        hand(back: units, because: PostgresError(.connection, "the connection was lost"))
    }

    /// What was not sent may run elsewhere, unless it is part of a transaction or session that has ended with this connection.
    func hand(back units: [Unit], because error: PostgresError) {
        for unit in units where owner == nil || !unit.isIndependent {
            unit.finish(.failure(error.placed(unit.statements.last?.text, unit.file, unit.line)))
        }
        owner?.lost(self, unsent: units.filter(\.isIndependent), because: error)
    }

    func lose(_ error: PostgresError, unsent: [Unit]) {
        guard !isLost else { return }
        isLost = true
        Poller.shared.remove(descriptor, self)
        for flight in inFlight {
            var own = flight.error ?? error
            own.kind = error.kind
            flight.unit.finish(.failure(own.placed(flight.unit.statements.last?.text, flight.unit.file, flight.unit.line)))
        }
        inFlight = []
        hand(back: unsent, because: error)
    }

    /// Writes what there is to write, and has the socket watched on when it was read or takes no more for now.
    private func flush(thenRead hasRead: Bool) {
        let left = PQflush(handle)
        if left < 0 { return lose(PostgresError(connection: handle), unsent: []) }
        if hasRead || left == 1 { Poller.shared.arm(descriptor, writing: left == 1) }
    }

    /// Runs `body` with the bare connection, out of pipeline mode and blocking, on a thread where that is allowed. Nothing may be in flight.
    func alone<Result: Sendable>(_ body: @escaping @Sendable (OpaquePointer) throws -> Result) async throws -> Result {
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                enter { strand in
                    strand.jobs.append { connection in continuation.resume(with: .init(catching: { try connection.runAlone(body) })) }
                }
            }
        } onCancel: {
            canceller.cancel()
        }
    }

    private func runAlone<Result>(_ body: (OpaquePointer) throws -> Result) throws -> Result {
        guard !isLost, inFlight.isEmpty else { throw PostgresError(.connection, "the connection was lost") }
        Poller.shared.remove(descriptor, self)
        PQexitPipelineMode(handle)
        PQsetnonblocking(handle, 0)
        defer {
            PQsetnonblocking(handle, 1)
            if PQstatus(handle) == CONNECTION_OK, PQenterPipelineMode(handle) == 1 {
                Poller.shared.add(descriptor, self)
            } else {
                lose(PostgresError(connection: handle), unsent: [])
            }
        }
        return try body(handle)
    }
}
