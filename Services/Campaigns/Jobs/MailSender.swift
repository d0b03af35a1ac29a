import Foundation
import Logging
import Postgres
import ServiceLifecycle

/// Sends what is due. Any number of copies may run; each has a few workers, and each worker leases mails of its own.
///
/// A lease is short and renewed while its holder lives, so that what a killed copy held goes out within seconds of its end.
///
/// The one window that SMTP leaves open: between the server's `250` and our commit of it, about a millisecond, a killed process leaves a mail that was
/// taken and is not known to be. When its lease has run out it is sent again, with the same Message-ID, so that receivers can tell. The same holds for a
/// connection that breaks after the mail was handed over and before the server answered, and for a copy that alone has lost the database for longer than a
/// lease. A mail is never lost, and doubled only there: at most one per worker and kill.
struct MailSender: Service {
    struct Settings: Sendable {
        var workers = 4
        /// How many mails a worker leases at a time.
        var batch = 8
        /// How soon another copy goes on when this one has died.
        var lease = Duration.seconds(15)
        /// How often to look for what is due when nothing calls.
        var poll = Duration.seconds(5)
        var schedule = RetrySchedule()
    }

    let queue: EmailQueueStore
    let composer: MailComposer
    let smtp: SMTPClient
    let recorder: OutcomeRecorder
    let settings: Settings
    let logger: Logger
    private let outages = Outages()

    init(queue: EmailQueueStore, composer: MailComposer, smtp: SMTPClient, recorder: OutcomeRecorder, settings: Settings, logger: Logger) {
        self.queue = queue
        self.composer = composer
        self.smtp = smtp
        self.recorder = recorder
        self.settings = settings
        self.logger = logger
    }

    func run() async throws {
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<settings.workers { group.addTask { await work() } }
        }
        smtp.close()
    }

    private func work() async {
        var troubles = 0
        while !Task.isCancelled, !Task.isShuttingDownGracefully {
            let calls = queue.postgres.signals(EmailQueueStore.signal)
            do {
                let asked = ContinuousClock.now
                let mails = try await queue.claim(settings.batch, lease: settings.lease, takingOver: outages.areOver(for: settings.lease))
                let isReachable = try await send(mails, holding: Hold(until: asked + settings.lease))
                troubles = isReachable ? 0 : troubles + 1
                if mails.isEmpty {
                    await pause(settings.poll, orUntil: calls)
                } else if !isReachable {
                    await pause(backoff(troubles))
                }
            } catch {
                troubles += 1
                outages.note()
                logger.warning("the queue cannot be read", metadata: ["error": "\(error)"])
                await pause(backoff(troubles))
            }
        }
    }

    /// Renews the leases while the mails are sent, however long one of them takes.
    private func send(_ mails: [ClaimedEmail], holding hold: Hold) async throws -> Bool {
        guard !mails.isEmpty else { return true }
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await keep(hold, on: mails) }
            defer { group.cancelAll() }
            return try await deliver(mails, while: hold)
        }
    }

    /// Until the task is cancelled.
    private func keep(_ hold: Hold, on mails: [ClaimedEmail]) async {
        while (try? await Task.sleep(for: settings.lease / 3)) != nil {
            let asked = ContinuousClock.now
            do {
                try await queue.renew(mails, lease: settings.lease)
                hold.extend(to: asked + settings.lease)
            } catch is CancellationError {
                return
            } catch {
                outages.note()
                logger.warning("leases could not be renewed", metadata: ["error": "\(error)"])
            }
        }
    }

    /// False when the relay cannot be reached: what was not begun goes back. No mail is begun whose lease may be another's by now.
    private func deliver(_ mails: [ClaimedEmail], while hold: Hold) async throws -> Bool {
        for (index, mail) in mails.enumerated() {
            guard hold.lasts, !Task.isCancelled, !Task.isShuttingDownGracefully else {
                try await queue.release(Array(mails[index...]))
                return true
            }
            let outcome = await attempt(mail)
            await recorder.record(outcome, of: mail)
            if case .retry(_, _, counted: false) = outcome {
                try await queue.release(Array(mails[(index + 1)...]))
                return false
            }
        }
        return true
    }

    private func attempt(_ mail: ClaimedEmail) async -> DeliveryOutcome {
        do {
            let (envelope, message) = try await composer.compose(mail)
            let reply = try await smtp.send(envelope, message)
            return .sent(reply, at: Date())
        } catch let failure as DeliveryFailure {
            return .failed(failure)
        } catch let failure as SMTPFailure {
            logger.info("a mail was not taken", metadata: ["email": "\(mail.id)", "reason": "\(failure.reason)"])
            return outcome(of: failure, mail)
        } catch {
            return .retry(after: settings.schedule.base, reason: "could not be written yet", counted: false)
        }
    }

    private func outcome(of failure: SMTPFailure, _ mail: ClaimedEmail) -> DeliveryOutcome {
        let reason = failure.reason.filter { $0.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control } }
        switch failure {
        case .rejected:
            return .failed(DeliveryFailure(reason: .rejected, detail: reason))
        case .deferred where mail.currentRetries < mail.maximumRetries:
            return .retry(after: settings.schedule.pause(before: mail.currentRetries + 1), reason: reason, counted: true)
        case .deferred:
            return .failed(DeliveryFailure(reason: .retriesExhausted, detail: reason))
        case .unreachable, .closed:
            let age = Duration.seconds(Date().timeIntervalSince(mail.createdAt))
            if age > settings.schedule.maximumAge { return .failed(DeliveryFailure(reason: .retriesExhausted, detail: reason)) }
            return .retry(after: min(settings.schedule.base, .seconds(30)), reason: reason, counted: false)
        }
    }

    private func backoff(_ troubles: Int) -> Duration { min(.milliseconds(500) * (1 << min(troubles, 7)), .seconds(60)) }

    /// Ends early when something is put into the queue, or the service is to stop.
    private func pause(_ time: Duration, orUntil calls: AsyncStream<Void>? = nil) async {
        await cancelWhenGracefulShutdown {
            await withTaskGroup(of: Void.self) { group in
                group.addTask { try? await Task.sleep(for: time) }
                if let calls { group.addTask { for await _ in calls { return } } }
                await group.next()
                group.cancelAll()
            }
        }
    }
}
