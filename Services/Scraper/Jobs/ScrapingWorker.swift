import Foundation
import Logging
import Postgres
import ServiceLifecycle

/// Takes jobs and runs them, a few at a time. Any number of copies may work: a job belongs to whoever claimed it, for as long as the claim is renewed.
struct ScrapingWorker: Service {
    let jobs: JobStore
    let run: JobRun
    let postgres: Postgres
    let logger: Logger
    /// Jobs at once in this copy.
    var concurrency = 4
    /// How long to wait before looking again for a job that another copy was told of.
    var interval: Duration = .seconds(2)

    func run() async throws {
        await cancelWhenGracefulShutdown {
            await withTaskGroup(of: Void.self) { group in
                for _ in 0..<concurrency { group.addTask { await work() } }
            }
        }
        await run.fetcher.shutdown()
    }

    private func work() async {
        while !Task.isCancelled {
            // Listened for before looking, so that a job that comes in between is not missed; anew each time, as a stream that was
            // waited for in a cancelled task has ended and would never make anyone wait again.
            let signals = postgres.signals(JobStore.signal)
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
