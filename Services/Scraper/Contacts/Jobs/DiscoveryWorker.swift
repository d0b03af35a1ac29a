import Foundation
import Logging
import Postgres
import ServiceLifecycle

/// Takes jobs that look for contacts and runs them, one or two at a time: reading documents and pictures is heavy. Any number of copies may work.
struct DiscoveryWorker: Service {
    let jobs: DiscoveryJobStore
    let run: DiscoveryRun
    let postgres: Postgres
    let logger: Logger
    /// Jobs at once in this copy.
    var concurrency = 2
    /// How long to wait before looking again for a job that another copy was told of.
    var interval: Duration = .seconds(2)

    func run() async throws {
        await cancelWhenGracefulShutdown {
            await withTaskGroup(of: Void.self) { group in
                for _ in 0..<concurrency { group.addTask { await work() } }
            }
        }
    }

    private func work() async {
        while !Task.isCancelled {
            // Listened for before looking, so that a job that comes in between is not missed.
            let signals = postgres.signals(DiscoveryJobStore.signal)
            do {
                guard let job = try await jobs.claim(by: run.worker, lease: run.lease) else {
                    await pause(signals)
                    continue
                }
                await run.run(job)
            } catch is CancellationError {
                return
            } catch {
                logger.warning("No job could be claimed.", metadata: ["error": "\(error)"])
                await pause(signals)
            }
        }
    }

    /// Until a job is signalled in this process, or the interval is over.
    private func pause(_ signals: AsyncStream<Void>) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { for await _ in signals { return } }
            group.addTask { try? await Task.sleep(for: interval) }
            await group.next()
            group.cancelAll()
        }
    }
}
