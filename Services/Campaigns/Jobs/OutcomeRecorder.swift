import Logging
import Postgres

/// Writes outcomes to the queue. Those that come while a commit is under way share the next one, so that each waits for little and all for few commits.
actor OutcomeRecorder {
    private typealias Delivery = (mail: ClaimedEmail, outcome: DeliveryOutcome)

    private let queue: EmailQueueStore
    private let logger: Logger
    private var waiting: [(delivery: Delivery, done: CheckedContinuation<Void, Never>)] = []
    private var isWriting = false

    init(queue: EmailQueueStore, logger: Logger) {
        self.queue = queue
        self.logger = logger
    }

    /// Returns once the outcome is committed, however long the database is away: a mail that was sent and is not known to be is sent again. Gives up only when
    /// the task is cancelled.
    func record(_ outcome: DeliveryOutcome, of mail: ClaimedEmail) async {
        let delivery: Delivery = (mail, outcome)
        if isWriting {
            await withCheckedContinuation { waiting.append((delivery, $0)) }
            return
        }
        isWriting = true
        await write([delivery])
        while !waiting.isEmpty {
            let batch = waiting
            waiting = []
            await write(batch.map(\.delivery))
            for entry in batch { entry.done.resume() }
        }
        isWriting = false
    }

    private func write(_ deliveries: [Delivery]) async {
        var pause = Duration.milliseconds(100)
        while true {
            do {
                try await queue.record(deliveries)
                return
            } catch let error as PostgresError where error.kind == .server && error.sqlState.map(Self.isPermanent) == true {
                logger.error("outcomes could not be written", metadata: ["error": "\(error)", "count": "\(deliveries.count)"])
                if deliveries.count > 1 { for delivery in deliveries { await write([delivery]) } }
                return
            } catch {
                logger.warning("outcomes not written yet", metadata: ["error": "\(error)", "count": "\(deliveries.count)"])
                guard (try? await Task.sleep(for: pause)) != nil else { return }
                pause = min(pause * 2, .seconds(5))
            }
        }
    }

    /// Bad data or a broken rule: it would fail the same way again.
    private static func isPermanent(_ state: SQLState) -> Bool { state.rawValue.hasPrefix("22") || state.rawValue.hasPrefix("23") }
}
