import DequeModule
import Dispatch
import Synchronization

/// One socket, from its opening to its end; it is never used again after an error.
///
/// Tasks append their commands under a lock; the queue takes whatever has gathered and sends it in one go, so concurrent tasks share one write
/// and, as the server answers a batch with a batch, one read. Answers come in the order of the commands.
///
/// `@unchecked Sendable`: what is not in `shared` is touched on `queue` alone.
final class RedisConnection: @unchecked Sendable {
    private struct Shared {
        var accepts = true
        var closed = false
        var outgoing: [UInt8] = []
        var waiting = Deque<RedisWaiter>()
        var flushIsScheduled = false
        var onClose: CheckedContinuation<Void, Never>?
    }

    private let shared = Mutex(Shared())
    private let queue: DispatchQueue
    private let timeout: UInt64
    private let waitingLimit: Int

    private var context: RedisContext?
    private var readSource: (any DispatchSourceRead)?
    private var writeSource: (any DispatchSourceWrite)?
    private var sending: [UInt8] = []
    private var sent = 0
    private var deadlineIsWatched = false
    private var replies: [Result<RedisValue, RedisError>] = []

    private init(_ context: RedisContext, queue: DispatchQueue, configuration: RedisConfiguration) {
        self.context = context
        self.queue = queue
        timeout = UInt64(configuration.commandTimeout / .nanoseconds(1))
        waitingLimit = configuration.waitingLimit
    }

    deinit {
        readSource?.cancel()
        writeSource?.cancel()
    }

    /// Connects on a queue of its own, as the resolver and the connecting block.
    static func open(_ address: RedisAddress, _ configuration: RedisConfiguration) async throws -> RedisConnection {
        let queue = DispatchQueue(label: "hearth.redis")
        return try await withCheckedThrowingContinuation { continuation in
            queue.async {
                continuation.resume(
                    with: Result {
                        let context = try RedisContext(connectingTo: address.endpoint, timeout: configuration.connectTimeout)
                        let connection = RedisConnection(context, queue: queue, configuration: configuration)
                        connection.watch(context)
                        return connection
                    })
            }
        }
    }

    /// The answer to one command. A cancelled task leaves at once; its answer is dropped when it comes.
    func send(_ command: RedisCommand) async throws -> RedisValue {
        let waiter = RedisWaiter(deadline: DispatchTime.now().uptimeNanoseconds + timeout)
        return try await withTaskCancellationHandler {
            try await withUnsafeThrowingContinuation { continuation in
                if waiter.wait(with: continuation) { enqueue(command, waiter) }
            }
        } onCancel: {
            waiter.cancel()
        }
    }

    /// Returns when the connection has ended.
    func closed() async {
        await withCheckedContinuation { continuation in
            let ended = shared.withLock { shared in
                if !shared.closed { shared.onClose = continuation }
                return shared.closed
            }
            if ended { continuation.resume() }
        }
    }

    /// Takes no more commands, and ends when the last answer has come or is late.
    func drain() {
        shared.withLock { $0.accepts = false }
        queue.async { self.endIfDrained() }
    }

    var accepts: Bool { shared.withLock { $0.accepts } }
}

// MARK: - Sending

extension RedisConnection {
    private func enqueue(_ command: RedisCommand, _ waiter: RedisWaiter) {
        enum Outcome { case refused(RedisError), appended(scheduleFlush: Bool) }
        let outcome: Outcome = shared.withLock { shared in
            guard shared.accepts else { return .refused(.unavailable) }
            guard shared.waiting.count < waitingLimit else { return .refused(.overloaded) }
            shared.outgoing.append(contentsOf: command.wire)
            shared.waiting.append(waiter)
            defer { shared.flushIsScheduled = true }
            return .appended(scheduleFlush: !shared.flushIsScheduled)
        }
        switch outcome {
        case .refused(let error): waiter.resume(with: .failure(error))
        case .appended(scheduleFlush: true): queue.async { self.flush() }
        case .appended(scheduleFlush: false): break
        }
    }

    private func flush() {
        guard let context else { return }
        watchDeadline()
        while takeOutgoing() {
            let written = sending.withUnsafeBytes { context.write(UnsafeRawBufferPointer(rebasing: $0[sent...])) }
            switch written {
            case .success(0): return waitUntilWritable(context)
            case .success(let count): sent += count
            case .failure(let error): return end(error)
            }
        }
    }

    /// Makes the next bytes ready in `sending`; false when there are none.
    private func takeOutgoing() -> Bool {
        if sent < sending.count { return true }
        // One large value must not keep its memory for good.
        sending.removeAll(keepingCapacity: sending.capacity <= 256 * 1024)
        sent = 0
        shared.withLock { shared in
            swap(&shared.outgoing, &sending)
            shared.flushIsScheduled = !sending.isEmpty
        }
        return !sending.isEmpty
    }

    /// The flush stays scheduled meanwhile, so nobody starts another.
    private func waitUntilWritable(_ context: RedisContext) {
        let source = DispatchSource.makeWriteSource(fileDescriptor: context.descriptor, queue: queue)
        source.setEventHandler { [weak self] in
            self?.writeSource?.cancel()
            self?.writeSource = nil
            self?.flush()
        }
        source.setCancelHandler { withExtendedLifetime(context) {} }
        writeSource = source
        source.activate()
    }
}

// MARK: - Receiving

extension RedisConnection {
    private func watch(_ context: RedisContext) {
        let source = DispatchSource.makeReadSource(fileDescriptor: context.descriptor, queue: queue)
        source.setEventHandler { [weak self] in self?.receive() }
        // The socket may be closed only when no source watches it any more.
        source.setCancelHandler { withExtendedLifetime(context) {} }
        readSource = source
        source.activate()
    }

    private func receive() {
        guard let context else { return }
        var failure: RedisError?
        do throws(RedisError) {
            try context.read(into: &replies)
        } catch {
            failure = error
        }
        deliver(&failure)
        if let failure { end(failure) } else { endIfDrained() }
    }

    private func deliver(_ failure: inout RedisError?) {
        guard !replies.isEmpty else { return }
        let waiters = shared.withLock { shared in
            let answered = Array(shared.waiting.prefix(replies.count))
            shared.waiting.removeFirst(answered.count)
            return answered
        }
        for (waiter, reply) in zip(waiters, replies) {
            waiter.resume(with: reply)
            if case .failure(let error) = reply, error.meansOtherServer { failure = error }
        }
        // An answer that nobody asked for: from here on no answer could be trusted to be the right one.
        if waiters.count < replies.count { failure = .unexpectedReply("no command") }
        replies.removeAll(keepingCapacity: true)
    }
}

// MARK: - Ending

extension RedisConnection {
    /// One timer for the whole line: only the command in front can be the first to be late.
    private func watchDeadline() {
        guard !deadlineIsWatched, let front = shared.withLock({ $0.waiting.first }) else { return }
        deadlineIsWatched = true
        queue.asyncAfter(deadline: DispatchTime(uptimeNanoseconds: front.deadline)) { [weak self] in self?.checkDeadline() }
    }

    private func checkDeadline() {
        deadlineIsWatched = false
        // On a busy machine the answer may have come while this process had no turn.
        receive()
        guard context != nil, let front = shared.withLock({ $0.waiting.first }) else { return }
        if front.deadline <= DispatchTime.now().uptimeNanoseconds { end(.timeout) } else { watchDeadline() }
    }

    private func endIfDrained() {
        let drained = shared.withLock { !$0.accepts && $0.waiting.isEmpty }
        if drained { end(.unavailable) }
    }

    private func end(_ reason: RedisError) {
        guard context != nil else { return }
        context = nil
        readSource?.cancel()
        writeSource?.cancel()
        readSource = nil
        writeSource = nil
        let (waiting, onClose) = shared.withLock { shared in
            shared.accepts = false
            shared.closed = true
            defer {
                shared.waiting = []
                shared.outgoing = []
                shared.onClose = nil
            }
            return (shared.waiting, shared.onClose)
        }
        let now = DispatchTime.now().uptimeNanoseconds
        for waiter in waiting {
            waiter.resume(with: .failure(waiter.deadline <= now ? .timeout : .unavailable))
        }
        onClose?.resume()
    }
}
